/** Go's text/template: the checker of prompt templates, and a preview of what they render to. */
export type { Definition, Template } from './nodes.ts';
export { type ParseOptions, type ParseResult, parseTemplate, type TemplateError } from './parse.ts';
export { BUILTIN_FUNCTIONS, MAX_DEPTH } from './pipeline-parser.ts';
export type { Place } from './place.ts';
export type { RenderFailureKind } from './render/failure.ts';
export { MAX_OUTPUT, MAX_STEPS } from './render/meter.ts';
export { type RenderError, type RenderResult, renderTemplate } from './render/render.ts';
export { MAX_TOKENS } from './token-reader.ts';
export { printTree } from './tree-text.ts';
export { type FieldUse, listTemplateVariables, type NameUse, type TemplateUses } from './uses.ts';
