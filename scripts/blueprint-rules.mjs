// What a blueprint's files must keep to, checked when blueprints are built.
import { basename, extname } from 'node:path';
import Handlebars from 'handlebars';

/** The helpers a template may put a value through, by what the value lands in: the file's name or its ending. */
const HELPERS_BY_FILE = {
  '.ts': ['ts', 'ident', 'bare', 'comment'],
  '.js': ['ts', 'ident', 'bare', 'comment'],
  '.mjs': ['ts', 'ident', 'bare', 'comment'],
  '.go': ['go', 'ident', 'bare', 'comment'],
  '.mod': ['go', 'ident', 'bare', 'comment'],
  '.py': ['py', 'ident', 'bare', 'comment'],
  '.json': ['json', 'ident', 'bare'],
  '.yaml': ['yaml', 'ident', 'bare', 'comment'],
  '.yml': ['yaml', 'ident', 'bare', 'comment'],
  '.toml': ['toml', 'ident', 'bare', 'comment'],
  '.md': ['md', 'ident', 'bare', 'sh'],
  '.sh': ['sh', 'ident', 'bare', 'comment'],
  '.proto': ['ident', 'bare', 'comment'],
  '.tmpl': ['ident', 'bare'],
  Makefile: ['make', 'ident', 'bare', 'comment'],
  Dockerfile: ['ident', 'bare', 'comment'],
  '.env.example': ['ident', 'bare', 'comment'],
};
const BLOCKS = ['if', 'unless', 'each'];
/** What Handlebars itself offers inside of `each`. */
const LOOP_VARIABLES = ['first', 'last'];
const MAX_PATH_LENGTH = 120;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Every helper that a template may use: the scaffold room must offer them all. */
export const HELPER_NAMES = [...new Set(Object.values(HELPERS_BY_FILE).flat())].sort();

/** The variables that stand in a file's path, as in `templates/{agentName}_guide.tmpl`. */
export function pathVariables(path) {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
}

/** The names of a condition: one, or a list of those that must all hold; `!` in front of one means not. */
export function conditionNames(when) {
  return [when].flat().map((term) => term.replace(/^!/, ''));
}

/**
 * The faults of one template, one sentence each, and the variables it uses. A bare `{{x}}` would put
 * a person's answer into code unescaped, so every value goes through a helper that fits the file.
 * Inside of `each`, names are those of the list's items, `this` is an item that is a text, and `../x` is outside.
 */
export function lintTemplate(path, source) {
  const target = path.replace(/\.hbs$/, '');
  const allowed = HELPERS_BY_FILE[basename(target)] ?? HELPERS_BY_FILE[extname(target)] ?? [];
  const faults = [];
  const variables = new Set();
  const fault = (node, text) => faults.push(`${path}:${node.loc.start.line}: ${text}`);

  const isValue = (node, depth) => {
    if (node?.type !== 'PathExpression' || node.data || node.depth > depth) return false;
    if (node.original === 'this') return depth > 0;
    if (node.parts.length !== 1) return false;
    if (node.depth === depth) variables.add(node.parts[0]);
    return true;
  };
  const isLoopVariable = (node, depth) =>
    depth > 0 && node?.data === true && node.parts.length === 1 && LOOP_VARIABLES.includes(node.parts[0]);
  const visitMustache = (node, depth) => {
    const name = node.path.original;
    if (!node.escaped) fault(node, `{{{${name}}}} is not allowed, use a helper`);
    else if (node.params.length === 0)
      fault(node, `bare {{${name}}} is not allowed, use a helper such as {{ident ${name}}}`);
    else if (!allowed.includes(name))
      fault(node, `{{${name} …}} does not fit this file, use one of: ${allowed.join(', ') || 'none'}`);
    else if (node.params.length !== 1 || node.hash || !isValue(node.params[0], depth))
      fault(node, `{{${name} …}} takes one variable`);
  };
  const visitBlock = (node, depth) => {
    const name = node.path.original;
    const [value] = node.params;
    const fits = isValue(value, depth) || (name !== 'each' && isLoopVariable(value, depth));
    if (!BLOCKS.includes(name)) fault(node, `block {{#${name}}} is not allowed`);
    else if (node.params.length !== 1 || node.hash || !fits) fault(node, `{{#${name} …}} takes one variable`);
    if (name === 'each' && depth > 0) fault(node, '{{#each}} inside of {{#each}} is not allowed');
    visitProgram(node.program, name === 'each' ? depth + 1 : depth);
    visitProgram(node.inverse, depth);
  };
  const visitProgram = (program, depth) => {
    for (const node of program?.body ?? []) {
      if (node.type === 'MustacheStatement') visitMustache(node, depth);
      else if (node.type === 'BlockStatement') visitBlock(node, depth);
      else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement')
        fault(node, `${node.type} is not allowed`);
    }
  };
  visitProgram(Handlebars.parse(source), 0);
  return { faults, variables: [...variables] };
}

/**
 * The faults of a blueprint's paths and text: what one file system or another would not keep apart. Files that
 * stand under conditions may share a path; a plan that has both is refused when it is made.
 */
export function lintFiles(files) {
  const faults = [];
  const seen = new Map();
  for (const { path, bytes, when } of files) {
    const target = path.replace(/\.hbs$/, '');
    const folded = target.normalize('NFC').toLowerCase();
    const other = seen.get(folded);
    if (other && (other.target !== target || !(other.isConditional && when.length > 0)))
      faults.push(`${path}: differs from ${other.path} only in case or ending`);
    seen.set(folded, { path, target, isConditional: when.length > 0 });
    if (path !== path.normalize('NFC') || !/^[\w.{}/-]+$/.test(path))
      faults.push(`${path}: use ASCII letters, digits, . _ - only`);
    if (path.length > MAX_PATH_LENGTH) faults.push(`${path}: longer than ${MAX_PATH_LENGTH} characters`);
    if (path.split('/').some((part) => WINDOWS_DEVICE.test(part) || part.endsWith('.')))
      faults.push(`${path}: Windows has no such file name`);
    if (bytes.includes('\r\n')) faults.push(`${path}: has CRLF line ends`);
  }
  return faults;
}
