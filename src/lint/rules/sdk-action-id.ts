import { plainName } from '../sdk/types.ts';
import { type SourceNode, walk } from '../source/model.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, notChecked, placeText } from './kit.ts';

/** `params["action"]`, `params.get("action")` or `params.action`. */
function readsParam(node: SourceNode): boolean {
  const isParams = (path: readonly string[]) => plainName(path.at(-1) ?? '') === 'params';
  if (node.kind === 'index')
    return (
      node.of.kind === 'name' &&
      isParams(node.of.path) &&
      node.index.kind === 'text' &&
      node.index.value === 'action'
    );
  if (node.kind === 'call')
    return (
      node.callee.at(-1) === 'get' &&
      isParams(node.callee.slice(0, -1)) &&
      node.args[0]?.kind === 'text' &&
      node.args[0].value === 'action'
    );
  return node.kind === 'name' && node.path.at(-1) === 'action' && isParams(node.path.slice(0, -1));
}

export const sdkActionId: Rule = {
  id: 'sdk-action-id',
  title: 'Execute takes the action from the request’s own field first',
  group: 'sdk',
  severity: 'error',
  why: 'The engine names the action in action_id; only some callers put it into the params, too.',
  mend: 'Read ActionID (action_id, actionId) first and params["action"] only when that is empty.',
  languages: ALL,
  needsWholeSource: true,
  examples: {
    typescript: { bad: 'switch (request.params.action) {', good: 'switch (request.actionId) {' },
    go: {
      bad: 'action := req.Params["action"]',
      good: 'action := req.ActionID\nif action == "" {\n\taction = req.Params["action"]\n}',
    },
    python: {
      bad: 'action = req.params.get("action", "")',
      good: 'action = req.action_id or req.params.get("action", "")',
    },
  },
  check({ graph, workspace }) {
    const execute = graph.method('execute');
    const isDispatched = [...workspace.calls()].some(({ node }) => node.callee.at(-1) === 'definePlugin');
    if (execute === undefined && isDispatched) return notApplicable('definePlugin finds the action');
    if (execute === undefined) return notChecked('the source has no Execute that could be found');
    let place: ReturnType<typeof execute.file.placeOf> | undefined;
    for (const { file, node } of graph.reachable(execute))
      for (const part of walk(node.body)) {
        const names = part.kind === 'name' ? part.path : [];
        if (names.some((name) => plainName(name) === 'actionid'))
          return checked([], placeText(file.placeOf(part)));
        if (readsParam(part)) place ??= file.placeOf(part);
      }
    if (place === undefined) return checked([]);
    return checked([
      {
        message: 'the action is read from the params only: the engine names it in the request’s own field',
        place,
      },
    ]);
  },
};
