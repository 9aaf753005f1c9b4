import { type ParseResult, parseTemplate, printTree, renderTemplate } from '../../src/gotemplate/index.ts';
import type { Question, Verdict } from './judge.ts';

export interface Difference {
  readonly question: Question;
  readonly go: string;
  readonly ours: string;
}

/** Bytes that are no UTF-8 reach us through JSON as U+FFFD. */
const carried = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

function shown(trees: Iterable<readonly [string, string]>): string {
  return JSON.stringify([...trees].map(([name, text]) => [carried(name), carried(text)]).sort());
}

function describeParse(result: ParseResult): string {
  if (!result.ok) return result.error.message;
  const { definitions } = result.template;
  return shown([...definitions.values()].map(({ name, body }) => [name, printTree(body)] as const));
}

/** Where the verdicts, the messages or the trees differ. */
export function compareParse(questions: readonly Question[], verdicts: readonly Verdict[]): Difference[] {
  return questions.flatMap((question, at) => {
    const verdict = verdicts[at] ?? {};
    const go = verdict.error ?? shown(Object.entries(verdict.trees ?? {}));
    const ours = describeParse(parseTemplate(question.name, question.text));
    return go === ours ? [] : [{ question, go, ours }];
  });
}

/** What came of rendering: how many agree, where output or message differs, and what the preview does not do. */
export interface RenderComparison {
  readonly agreed: number;
  /** Of those that agree, how many Go stopped with a message. */
  readonly failed: number;
  readonly differences: readonly Difference[];
  readonly unsupported: readonly string[];
}

export function compareRendering(
  questions: readonly Question[],
  verdicts: readonly Verdict[],
): RenderComparison {
  const differences: Difference[] = [];
  const unsupported: string[] = [];
  let agreed = 0;
  let failed = 0;
  questions.forEach((question, at) => {
    const verdict = verdicts[at] ?? {};
    const parsed = parseTemplate(question.name, question.text);
    let go = verdict.error ?? '';
    let ours = parsed.ok ? '' : parsed.error.message;
    if (parsed.ok) {
      const rendered = renderTemplate(parsed.template, question.data);
      if (!rendered.ok && rendered.error.kind !== 'execution') {
        unsupported.push(rendered.error.message);
        return;
      }
      go ||= JSON.stringify([verdict.output, verdict.execError]);
      ours = JSON.stringify([rendered.text, rendered.ok ? undefined : rendered.error.message]);
    }
    if (go !== ours) differences.push({ question, go, ours });
    else {
      agreed++;
      if (verdict.execError !== undefined || verdict.error !== undefined) failed++;
    }
  });
  return { agreed, failed, differences, unsupported };
}
