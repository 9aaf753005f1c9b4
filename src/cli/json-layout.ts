/** JSON text in other white space; what it says is copied, so that long integers keep every digit. */
function relayout(json: string, separate: (depth: number) => string, colon: string): string {
  let depth = 0;
  let out = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (token === '{' || token === '[') out += token + separate(++depth);
    else if (token === '}' || token === ']') out = out.trimEnd() + closing(out, separate(--depth)) + token;
    else if (token === ',') out += token + separate(depth);
    else out += token === ':' ? colon : token;
  }
  return out;
}

/** An empty list or object stays on its line. */
const closing = (before: string, separator: string): string => (/[{[]\s*$/.test(before) ? '' : separator);

/** JSON text on one line. */
export function compactJson(json: string): string {
  return relayout(json, () => '', ':');
}

/** JSON text for people: two spaces a level, as `JSON.stringify(value, null, 2)` writes it. */
export function indentJson(json: string): string {
  return relayout(json, (depth) => `\n${'  '.repeat(depth)}`, ': ');
}
