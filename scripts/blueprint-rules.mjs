// What a blueprint's files must keep to, checked when blueprints are built.
import { extname } from 'node:path';
import Handlebars from 'handlebars';

/** The helpers a template may put a value through, by what the value lands in. */
const HELPERS_BY_EXTENSION = {
  '.ts': ['ts', 'ident', 'comment'],
  '.js': ['ts', 'ident', 'comment'],
  '.mjs': ['ts', 'ident', 'comment'],
  '.json': ['json', 'ident'],
  '.md': ['md', 'ident'],
  '.tmpl': ['ident'],
};
const BLOCKS = ['if', 'unless'];
const MAX_PATH_LENGTH = 120;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Every helper that a template may use: the scaffold room must offer them all. */
export const HELPER_NAMES = [...new Set(Object.values(HELPERS_BY_EXTENSION).flat())].sort();

/** The variables that stand in a file's path, as in `templates/{agentName}_guide.tmpl`. */
export function pathVariables(path) {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
}

/**
 * The faults of one template, one sentence each, and the variables it uses. A bare `{{x}}` would put
 * a person's answer into code unescaped, so every value goes through a helper that fits the file.
 */
export function lintTemplate(path, source) {
  const target = path.replace(/\.hbs$/, '');
  const allowed = HELPERS_BY_EXTENSION[extname(target)] ?? [];
  const faults = [];
  const variables = new Set();
  const fault = (node, text) => faults.push(`${path}:${node.loc.start.line}: ${text}`);

  const checkValue = (node) => {
    const isPlain =
      node?.type === 'PathExpression' && node.parts.length === 1 && !node.data && node.depth === 0;
    if (isPlain) variables.add(node.parts[0]);
    return isPlain;
  };
  const visitMustache = (node) => {
    const name = node.path.original;
    if (!node.escaped) fault(node, `{{{${name}}}} is not allowed, use a helper`);
    else if (node.params.length === 0)
      fault(node, `bare {{${name}}} is not allowed, use a helper such as {{ident ${name}}}`);
    else if (!allowed.includes(name))
      fault(node, `{{${name} …}} does not fit this file, use one of: ${allowed.join(', ') || 'none'}`);
    else if (node.params.length !== 1 || node.hash || !checkValue(node.params[0]))
      fault(node, `{{${name} …}} takes one variable`);
  };
  const visitBlock = (node) => {
    const name = node.path.original;
    if (!BLOCKS.includes(name)) fault(node, `block {{#${name}}} is not allowed`);
    else if (node.params.length !== 1 || node.hash || !checkValue(node.params[0]))
      fault(node, `{{#${name} …}} takes one variable`);
    visitProgram(node.program);
    visitProgram(node.inverse);
  };
  const visitProgram = (program) => {
    for (const node of program?.body ?? []) {
      if (node.type === 'MustacheStatement') visitMustache(node);
      else if (node.type === 'BlockStatement') visitBlock(node);
      else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement')
        fault(node, `${node.type} is not allowed`);
    }
  };
  visitProgram(Handlebars.parse(source));
  return { faults, variables: [...variables] };
}

/** The faults of a blueprint's paths and text: what one file system or another would not keep apart. */
export function lintFiles(files) {
  const faults = [];
  const seen = new Map();
  for (const { path, bytes } of files) {
    const folded = path
      .replace(/\.hbs$/, '')
      .normalize('NFC')
      .toLowerCase();
    if (seen.has(folded)) faults.push(`${path}: differs from ${seen.get(folded)} only in case or ending`);
    seen.set(folded, path);
    if (path !== path.normalize('NFC') || !/^[\w.{}/-]+$/.test(path))
      faults.push(`${path}: use ASCII letters, digits, . _ - only`);
    if (path.length > MAX_PATH_LENGTH) faults.push(`${path}: longer than ${MAX_PATH_LENGTH} characters`);
    if (path.split('/').some((part) => WINDOWS_DEVICE.test(part) || part.endsWith('.')))
      faults.push(`${path}: Windows has no such file name`);
    if (bytes.includes('\r\n')) faults.push(`${path}: has CRLF line ends`);
  }
  return faults;
}
