import { plainName } from '../sdk/types.ts';
import type { AssignNode, FunctionNode, RecordNode, SourceNode } from './model.ts';
import type { Found, SourceFile } from './source-file.ts';
import type { Workspace } from './workspace.ts';

/** An expression, where it stands, and what the parameters of the function around it were given. */
export interface Value<T extends SourceNode = SourceNode> extends Found<T> {
  readonly given: ReadonlyMap<string, Value>;
}

/** What a list holds, as far as it can be seen. */
export interface Items {
  readonly items: readonly Value[];
  /** False when parts of it are computed. */
  readonly isComplete: boolean;
}

const NOTHING_GIVEN: ReadonlyMap<string, Value> = new Map();
/** Longer chains of constants are no longer for people. */
const MAX_STEPS = 20;

export const rootValue = <T extends SourceNode>({ file, node }: Found<T>): Value<T> => ({
  file,
  node,
  given: NOTHING_GIVEN,
});

/** Follows constants, single assignments and functions that only give a value. Nothing is run. */
export class Resolver {
  readonly #workspace: Workspace;
  readonly #topLevel = new Map<string, Found<AssignNode>[]>();
  readonly #members = new Map<string, Found<AssignNode>[]>();
  readonly #locals = new Map<FunctionNode, Map<string, Found<AssignNode>[]>>();
  readonly #returns = new Map<FunctionNode, SourceNode | undefined>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    for (const file of workspace.agentFiles) this.#index(file);
  }

  #index(file: SourceFile): void {
    for (const node of file.nodes) {
      if (node.kind !== 'assign') continue;
      const around = file.functionAround(node);
      for (const target of node.targets) {
        if (target.kind !== 'name') continue;
        const name = target.path.at(-1) as string;
        const found = { file, node };
        if (target.path.length > 1) append(this.#members, name, found);
        else if (around === undefined) append(this.#topLevel, name, found);
        else {
          const locals = this.#locals.get(around) ?? new Map<string, Found<AssignNode>[]>();
          this.#locals.set(around, locals);
          append(locals, name, found);
        }
      }
    }
  }

  /** The one assignment that a name can mean. */
  #assignmentOf(name: string, file: SourceFile, node: SourceNode): Found<AssignNode> | undefined {
    const around = file.functionAround(node);
    const local = around === undefined ? undefined : this.#locals.get(around)?.get(name);
    if (local !== undefined) return only(local);
    const all = this.#topLevel.get(name) ?? [];
    const here = all.filter((found) => found.file === file);
    return only(here.length > 0 ? here : all);
  }

  /** What a function gives back where it has only one way to. */
  #resultOf(node: FunctionNode): SourceNode | undefined {
    if (this.#returns.has(node)) return this.#returns.get(node);
    const found: SourceNode[] = [];
    const visit = (part: SourceNode): void => {
      if (part.kind === 'function') return;
      if (part.kind === 'return') {
        if (part.value !== undefined) found.push(part.value);
        return;
      }
      if (part.kind === 'other') for (const child of part.children) visit(child);
    };
    for (const part of node.body) visit(part);
    const result = found.length === 1 ? found[0] : undefined;
    this.#returns.set(node, result);
    return result;
  }

  /** The expression behind names and calls; the value itself where nothing is behind it. */
  resolve(value: Value): Value {
    let current = value;
    for (let step = 0; step < MAX_STEPS; step++) {
      const next = this.#step(current);
      if (next === undefined) return current;
      current = next;
    }
    return current;
  }

  #step({ file, node, given }: Value): Value | undefined {
    if (node.kind === 'name') {
      const name = node.path.at(-1) as string;
      if (node.path.length === 1) {
        const parameter = given.get(name);
        if (parameter !== undefined) return parameter;
        const assignment = this.#assignmentOf(name, file, node);
        if (assignment === undefined || assignment.node.targets.length !== 1) return undefined;
        const seen = assignment.file === file ? given : NOTHING_GIVEN;
        return { file: assignment.file, node: assignment.node.value, given: seen };
      }
      const [head = ''] = node.path;
      const candidates =
        head === 'this' || head === 'self' || node.path.length === 2
          ? [...(this.#members.get(name) ?? []), ...(this.#topLevel.get(name) ?? [])]
          : [];
      const assignment = only(candidates);
      return assignment === undefined
        ? undefined
        : { file: assignment.file, node: assignment.node.value, given: NOTHING_GIVEN };
    }
    if (node.kind === 'call') {
      const target = only(this.#workspace.functionsNamed(node.callee.at(-1) ?? ''));
      const result = target === undefined ? undefined : this.#resultOf(target.node);
      if (target === undefined || result === undefined) return undefined;
      const bound = new Map<string, Value>();
      const parameters = target.node.parameters.filter(({ name }) => name !== 'self' && name !== 'cls');
      for (const [index, { name }] of parameters.entries()) {
        const argument = node.args[index];
        if (argument !== undefined) bound.set(name, { file, node: argument, given });
      }
      for (const { name, value } of node.named) bound.set(name, { file, node: value, given });
      return { file: target.file, node: result, given: bound };
    }
    return undefined;
  }

  /** The text of an expression; undefined when a part of it is computed. */
  text(value: Value | undefined): string | undefined {
    if (value === undefined) return undefined;
    const resolved = this.resolve(value);
    const { file, node, given } = resolved;
    if (node.kind === 'text') return node.holes ? undefined : node.value;
    const inner = (part: SourceNode) => this.text({ file, node: part, given });
    if (node.kind === 'join') return joined(node.parts.map(inner), '');
    if (node.kind !== 'call') return undefined;
    const name = node.callee.at(-1) ?? '';
    if (['strip', 'trim', 'dedent'].includes(name)) return inner(node.base ?? node.args[0] ?? node)?.trim();
    if (name !== 'join') return undefined;
    const [list, separator] =
      node.base?.kind === 'list' ? [node.base, node.args[0]] : [node.args[0], node.base];
    if (list?.kind !== 'list' || separator === undefined) return undefined;
    return joined(list.items.map(inner), inner(separator) ?? '');
  }

  /** The items of a list, of lists that are joined, and of lists that are poured into it. */
  items(value: Value | undefined, depth = 0): Items {
    if (value === undefined || depth > MAX_STEPS) return { items: [], isComplete: false };
    const { file, node, given } = this.resolve(value);
    const part = (inner: SourceNode): Value => ({ file, node: inner, given });
    const isAppend = node.kind === 'call' && ['append', 'Concat'].includes(node.callee.at(-1) ?? '');
    if (node.kind === 'nothing') return { items: [], isComplete: true };
    if (node.kind !== 'list' && node.kind !== 'join' && !isAppend) return { items: [], isComplete: false };
    const inner = node.kind === 'list' ? node.items : node.kind === 'join' ? node.parts : node.args;
    const items: Value[] = [];
    let isComplete = true;
    for (const [index, item] of inner.entries()) {
      const isWhole = item.kind === 'spread' || node.kind === 'join' || (isAppend && index === 0);
      if (!isWhole) {
        items.push(part(item));
        continue;
      }
      const more = this.items(part(item.kind === 'spread' ? item.value : item), depth + 1);
      items.push(...more.items);
      isComplete &&= more.isComplete;
    }
    return { items, isComplete };
  }

  /** The record behind an expression. */
  record(value: Value | undefined): Value<RecordNode> | undefined {
    if (value === undefined) return undefined;
    const resolved = this.resolve(value);
    const { file, node, given } = resolved;
    if (node.kind === 'record') return { file, node, given };
    // `defineAction({ … })` is the action that its argument describes.
    const [argument] = node.kind === 'call' ? node.args : [];
    if (argument?.kind === 'record' && argument.type !== undefined) return { file, node: argument, given };
    return undefined;
  }

  /** A field of a record, by any language's name for it; undefined when it is not there. */
  field({ file, node, given }: Value<RecordNode>, name: string): Value | undefined {
    const wanted = plainName(name);
    const field = node.fields.find((candidate) => plainName(candidate.name) === wanted);
    return field === undefined ? undefined : { file, node: field.value, given };
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

function joined(parts: readonly (string | undefined)[], separator: string): string | undefined {
  return parts.some((part) => part === undefined) ? undefined : parts.join(separator);
}
