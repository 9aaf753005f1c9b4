export { cleanLine, cleanText } from './clean.ts';
export { type Progress, startProgress } from './progress.ts';
export { askQuestions, type PromptQuestion, type PromptStreams } from './prompts.ts';
export { type Channel, createTerminal, type Terminal, type TerminalOptions } from './streams.ts';
export { type Cell, type Column, layoutFields, layoutTable, type TableOptions } from './table.ts';
export { cutText, padText, textWidth, wrapText } from './text-width.ts';
export { type ColourQuestion, createTheme, isColoured, PLAIN_THEME, type Theme } from './theme.ts';
