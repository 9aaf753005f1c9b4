export { cleanLine, cleanText } from './clean.ts';
export { askQuestions, type PromptQuestion, type PromptStreams } from './prompts.ts';
export { type Channel, createTerminal, type Terminal, type TerminalOptions } from './streams.ts';
export { type ColourQuestion, createTheme, isColoured, PLAIN_THEME, type Theme } from './theme.ts';
