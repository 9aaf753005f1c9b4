import { plainName } from '../sdk/types.ts';
import { type CallNode, type FunctionNode, type SourceNode, walk } from '../source/model.ts';
import type { Resolver, Value } from '../source/resolve.ts';
import { rootValue } from '../source/resolve.ts';
import type { Found, Place, SourceFile } from '../source/source-file.ts';
import type { Workspace } from '../source/workspace.ts';
import { isNetworkModule } from './modules.ts';

/** A method of the five, or what stands in its place. */
export type MethodName = 'info' | 'schema' | 'execute' | 'healthCheck' | 'configUpdated';

/** An environment variable that the agent reads. */
export interface EnvironmentRead {
  readonly name: string;
  readonly place: Place;
}

/** Functions whose body is a program of its own are not followed. */
const MAX_FUNCTIONS = 20_000;

/** Which function calls which, by name, and what the agent's methods are. */
export class AgentGraph {
  readonly #workspace: Workspace;
  readonly #resolver: Resolver;
  readonly #names = new Map<FunctionNode, ReadonlySet<string>>();
  #owners: ReadonlySet<string> | undefined;
  #environment: readonly EnvironmentRead[] | undefined;

  constructor(workspace: Workspace, resolver: Resolver) {
    this.#workspace = workspace;
    this.#resolver = resolver;
  }

  /** The classes and receivers that are a plugin: they have both `info` and `schema`, or say that they are one. */
  #pluginOwners(): ReadonlySet<string> {
    if (this.#owners !== undefined) return this.#owners;
    const methods = new Map<string, Set<string>>();
    const owners = new Set<string>();
    for (const { node } of this.#workspace.functions()) {
      if (node.owner === '') continue;
      const names = methods.get(node.owner) ?? new Set<string>();
      methods.set(node.owner, names);
      names.add(plainName(node.name));
    }
    for (const [owner, names] of methods) if (names.has('info') && names.has('schema')) owners.add(owner);
    for (const file of this.#workspace.agentFiles)
      for (const { name, bases } of file.classes)
        if (bases.includes('Plugin') || bases.includes('MirastackPlugin')) owners.add(name);
    this.#owners = owners;
    return owners;
  }

  /** The agent's method of a name; undefined when the source has none that could be found. */
  method(name: MethodName): Found<FunctionNode> | undefined {
    const wanted = plainName(name);
    const owners = this.#pluginOwners();
    let loose: Found<FunctionNode> | undefined;
    for (const found of this.#workspace.functions()) {
      if (plainName(found.node.name) !== wanted) continue;
      if (owners.has(found.node.owner)) return found;
      if (found.node.owner === '') loose ??= found;
    }
    return loose ?? this.#methodByField(wanted);
  }

  /** `definePlugin({ healthCheck: client.check })`: the method is the function that is named there. */
  #methodByField(wanted: string): Found<FunctionNode> | undefined {
    for (const { node } of this.#workspace.records()) {
      if (node.type !== 'PluginInfo' && node.type !== 'Plugin') continue;
      const field = node.fields.find(({ name }) => plainName(name) === wanted);
      if (field?.value.kind === 'name') {
        const [found] = this.#workspace.functionsNamed(field.value.path.at(-1) ?? '');
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** Every name that a function mentions: what it may call, now or through another. */
  #mentions(node: FunctionNode): ReadonlySet<string> {
    const cached = this.#names.get(node);
    if (cached !== undefined) return cached;
    const names = new Set<string>();
    for (const part of walk(node.body)) {
      if (part.kind === 'call') names.add(part.callee.at(-1) ?? '');
      else if (part.kind === 'name') names.add(part.path.at(-1) ?? '');
    }
    this.#names.set(node, names);
    return names;
  }

  /** A function and all that it may call, by name. */
  reachable(start: Found<FunctionNode>): readonly Found<FunctionNode>[] {
    const seen = new Set<FunctionNode>([start.node]);
    const list = [start];
    for (let index = 0; index < list.length && list.length < MAX_FUNCTIONS; index++)
      for (const name of this.#mentions((list[index] as Found<FunctionNode>).node))
        for (const found of this.#workspace.functionsNamed(name)) {
          if (seen.has(found.node)) continue;
          seen.add(found.node);
          list.push(found);
        }
    return list;
  }

  /** The first call by which a function may reach out of the process. */
  outwardCall(start: Found<FunctionNode>): Found<CallNode> | undefined {
    for (const found of this.reachable(start)) {
      const call = this.outwardCallIn(found.file, found.node.body);
      if (call !== undefined) return { file: found.file, node: call };
    }
    return undefined;
  }

  /** A call of a module that talks to others, or of something unknown in a file that uses such a module. */
  outwardCallIn(file: SourceFile, nodes: readonly SourceNode[]): CallNode | undefined {
    const { language } = file;
    const outward = file.imports.filter(
      ({ module }) => !this.#workspace.isOwnModule(module) && isNetworkModule(language, module),
    );
    const aliases = new Set(outward.map(({ alias }) => alias));
    const others = new Set(file.imports.map(({ alias }) => alias).filter((alias) => !aliases.has(alias)));
    for (const node of walk(nodes)) {
      if (node.kind !== 'call') continue;
      const [head = ''] = node.callee;
      if (aliases.has(head)) return node;
      if (language === 'typescript' && head === 'fetch' && node.callee.length === 1) return node;
      const isMethod = node.callee.length > 1 && !others.has(head);
      if (!isMethod || outward.length === 0) continue;
      const name = node.callee.at(-1) ?? '';
      if (this.#workspace.functionsNamed(name).length === 0 && !QUIET_METHODS.has(name.toLowerCase()))
        return node;
    }
    return undefined;
  }

  /** Whether anything in the agent talks to another system. */
  hasBackend(): boolean {
    return this.#workspace.agentFiles.some(
      (file) => this.outwardCallIn(file, file.model.nodes) !== undefined,
    );
  }

  /** The variables that the agent reads, each where it is read first. */
  environment(): readonly EnvironmentRead[] {
    if (this.#environment !== undefined) return this.#environment;
    const reads = new Map<string, EnvironmentRead>();
    const add = (value: Value) => {
      const name = this.#resolver.text(value);
      if (name === undefined || !VARIABLE.test(name) || reads.has(name)) return;
      reads.set(name, { name, place: value.file.placeOf(value.node) });
    };
    for (const file of this.#workspace.agentFiles)
      for (const node of file.nodes) {
        const value = environmentName(node);
        if (value === undefined) continue;
        if (typeof value !== 'string') add(rootValue({ file, node: value }));
        else if (!reads.has(value)) reads.set(value, { name: value, place: file.placeOf(node) });
      }
    this.#environment = [...reads.values()];
    return this.#environment;
  }
}

/** Methods of strings, lists and locks: they reach nobody. */
const QUIET_METHODS = new Set(
  (
    'lock unlock rlock runlock close string error join split trim strip replace format append push pop map filter set ' +
    'add includes keys values items entries startswith endswith tolowercase touppercase lower upper slice splice sort ' +
    'reverse concat foreach reduce some every then catch finally tostring encode decode write_text read_text info warn ' +
    'warning debug exception printf println sprintf errorf err reveal'
  ).split(' '),
);

const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
const ENVIRONMENT_CALLS = /^(getenv|lookupenv|requireenv|mustgetenv|envordefault|getenvordefault)$/;

/** What names the variable that a node reads from the environment. */
function environmentName(node: SourceNode): SourceNode | string | undefined {
  if (node.kind === 'call') {
    const name = plainName(node.callee.at(-1) ?? '');
    const isGet = name === 'get' && node.callee.at(-2) === 'environ';
    if (ENVIRONMENT_CALLS.test(name) || isGet) return node.args[0];
    return undefined;
  }
  if (node.kind === 'index') {
    const path = node.of.kind === 'name' ? node.of.path : [];
    return isEnvironment(path) ? node.index : undefined;
  }
  if (node.kind === 'name' && node.path.length === 3 && isEnvironment(node.path.slice(0, 2)))
    return VARIABLE.test(node.path[2] ?? '') ? node.path[2] : undefined;
  if (node.kind === 'assign' && node.value.kind === 'name' && isEnvironment(node.value.path)) {
    const [first] = node.targets;
    const name = first?.kind === 'name' && first.path.length === 1 ? first.path[0] : undefined;
    return VARIABLE.test(name ?? '') ? name : undefined;
  }
  return undefined;
}

const isEnvironment = (path: readonly string[]) =>
  (path.at(-2) === 'process' && path.at(-1) === 'env') || path.at(-1) === 'environ';
