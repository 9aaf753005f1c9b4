import { remember } from '../remember.ts';
import { SDK_TYPES } from '../sdk/types.ts';
import type { RecordNode, SourceNode, TextNode } from '../source/model.ts';
import { walk } from '../source/model.ts';
import type { Found } from '../source/source-file.ts';
import type { RuleInput } from '../types.ts';

/** Fields of the SDK's types whose text is prose for people and the LLM. */
const PROSE = new Set(['description', 'pattern', 'positiveusecases', 'negativeusecases', 'default']);

/** The strings that the agent works with: prose of its declarations and docstrings are left out. */
export const workingTexts = remember(({ workspace }: RuleInput): readonly Found<TextNode>[] => {
  const found: Found<TextNode>[] = [];
  for (const file of workspace.agentFiles) {
    const prose = new Set<SourceNode>();
    for (const record of file.records) if (isDeclaration(record)) markProse(record, prose);
    for (const node of file.texts)
      if (!prose.has(node) && !isDocstring(file.text, node)) found.push({ file, node });
  }
  return found;
});

const isDeclaration = ({ type, fields }: RecordNode) =>
  (type !== undefined && SDK_TYPES[type] !== undefined) || fields.some(({ name }) => name === 'description');

function markProse(record: RecordNode, prose: Set<SourceNode>): void {
  for (const { name, value } of record.fields)
    if (PROSE.has(name.replaceAll('_', '').toLowerCase())) for (const part of walk([value])) prose.add(part);
}

/** A string that stands alone on its lines is a docstring. */
function isDocstring(text: string, { start, end }: TextNode): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const before = text.slice(lineStart, start);
  const after = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
  return (
    /^"""|^'''|^[rR]"""/.test(text.slice(start, start + 4)) && before.trim() === '' && after.trim() === ''
  );
}
