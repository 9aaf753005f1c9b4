import { PERMISSIONS, type RoutingSemantics, STAGES } from '../../contract/index.ts';
import { plainName } from '../sdk/types.ts';
import type { FunctionNode, RecordNode } from '../source/model.ts';
import { type Resolver, rootValue, type Value } from '../source/resolve.ts';
import type { Found, Place } from '../source/source-file.ts';
import type { Workspace } from '../source/workspace.ts';
import type {
  ActionFacts,
  AgentFacts,
  ConfigFacts,
  Fact,
  FactList,
  IntentFacts,
  ParamFacts,
  TemplateFacts,
} from './facts.ts';

const MISSING = { state: 'missing' } as const;
const NONE: FactList<never> = { items: [], isComplete: true };

/** Reads what the source declares. Facts only: it judges nothing. */
export class DeclarationReader {
  readonly #workspace: Workspace;
  readonly #resolver: Resolver;

  constructor(workspace: Workspace, resolver: Resolver) {
    this.#workspace = workspace;
    this.#resolver = resolver;
  }

  /** Undefined when the source has no info of an agent that could be found. */
  readAgent(): AgentFacts | undefined {
    const info = this.#findInfo();
    const inInfo = info === undefined ? undefined : this.#resolver.field(info, 'actions');
    const listed = inInfo === undefined ? undefined : this.#resolver.items(inInfo);
    const records: Value<RecordNode>[] = [];
    let isComplete = info !== undefined && (listed?.isComplete ?? info.node.spreads.length === 0);
    for (const item of listed?.items ?? []) {
      const record = this.#resolver.record(item);
      if (record === undefined) isComplete = false;
      else records.push(record);
    }
    const seen = new Set(records.map(({ node }) => node));
    for (const found of this.#workspace.records())
      if (found.node.type === 'Action' && !seen.has(found.node) && !this.#isOfAnother(found, info))
        records.push(rootValue(found));
    if (info === undefined && records.length === 0) return undefined;
    const actions = records.map((record) => this.#action(record));
    if (info === undefined)
      return {
        name: { state: 'computed' },
        version: { state: 'computed' },
        description: { state: 'computed' },
        permission: { state: 'computed' },
        stages: { state: 'computed' },
        actions: { items: actions, isComplete: false },
        actionsInInfo: { state: 'computed' },
        intents: { items: [], isComplete: false },
        configParams: { items: [], isComplete: false },
        templates: { items: [], isComplete: false },
      };
    return {
      name: this.#text(info, 'name'),
      version: this.#text(info, 'version'),
      description: this.#text(info, 'description'),
      permission: this.#pluginPermission(info),
      stages: this.#stages(info, 'devopsStages'),
      actions: { items: actions, isComplete },
      actionsInInfo: this.#count(info, inInfo, listed),
      intents: this.#list(info, 'intents', (record) => this.#intent(record)),
      configParams: this.#list(info, 'configParams', (record) => this.#config(record)),
      templates: this.#list(info, 'promptTemplates', (record) => this.#template(record)),
      place: placeOfRecord(info),
      record: info,
    };
  }

  /** Whether a literal stands in a class that is a plugin of its own, such as one for tests. */
  #isOfAnother({ file, node }: Found<RecordNode>, info: Value<RecordNode> | undefined): boolean {
    const owner = file.functionAround(node)?.owner ?? '';
    const own = info === undefined ? undefined : info.file.functionAround(info.node)?.owner;
    if (owner === '' || own === undefined || owner === own) return false;
    const methods = file.functions
      .filter((candidate) => candidate.owner === owner)
      .map(({ name }) => plainName(name));
    return methods.includes('info');
  }

  #count(
    info: Value<RecordNode>,
    field: Value | undefined,
    listed: { readonly items: readonly Value[]; readonly isComplete: boolean } | undefined,
  ): Fact<number> {
    if (field === undefined || listed === undefined)
      return info.node.spreads.length > 0 ? { state: 'computed', place: placeOfRecord(info) } : MISSING;
    const place = field.file.placeOf(field.node);
    if (!listed.isComplete && listed.items.length === 0) return { state: 'computed', place };
    return { state: 'known', value: listed.items.length, place };
  }

  /** The literal of PluginInfo: by its type, by what only it has, or as what `info` gives. */
  #findInfo(): Value<RecordNode> | undefined {
    const typed: Value<RecordNode>[] = [];
    for (const found of this.#workspace.records()) {
      const { node } = found;
      if (node.type === 'PluginInfo' || (node.type === undefined && hasField(node, 'devopsStages')))
        typed.push(rootValue(found));
    }
    const named = typed.filter(({ node }) => hasField(node, 'name'));
    const inPlugin = named.find(({ file }) => /(^|\/)plugin(\.\w+|\/)/.test(file.path));
    return inPlugin ?? named[0] ?? typed[0] ?? this.#resultOfInfo();
  }

  #resultOfInfo(): Value<RecordNode> | undefined {
    for (const { file, node } of this.#workspace.functions()) {
      if (plainName(node.name) !== 'info' || node.owner === '') continue;
      const value = lastReturn(node);
      if (value?.kind === 'record' && hasField(value, 'name')) return rootValue({ file, node: value });
    }
    return undefined;
  }

  #text(record: Value<RecordNode>, name: string): Fact<string> {
    const field = this.#resolver.field(record, name);
    if (field === undefined)
      return record.node.spreads.length > 0 ? { state: 'computed', place: placeOfRecord(record) } : MISSING;
    const value = this.#resolver.text(field);
    const place = field.file.placeOf(field.node);
    return value === undefined ? { state: 'computed', place } : { state: 'known', value, place };
  }

  #flag(record: Value<RecordNode>, name: string): Fact<boolean> {
    const field = this.#resolver.field(record, name);
    if (field === undefined) return record.node.spreads.length > 0 ? { state: 'computed' } : MISSING;
    const { node } = this.#resolver.resolve(field);
    const place = field.file.placeOf(field.node);
    return node.kind === 'boolean'
      ? { state: 'known', value: node.value, place }
      : { state: 'computed', place };
  }

  /** A constant of the SDK, or the word it stands for. */
  #word(value: Value, words: readonly string[]): string | undefined {
    const direct = value.node.kind === 'name' ? matchWord(value.node.path.at(-1) ?? '', words) : undefined;
    if (direct !== undefined) return direct;
    const { node } = this.#resolver.resolve(value);
    if (node.kind === 'name') return matchWord(node.path.at(-1) ?? '', words);
    return node.kind === 'text' ? node.value : undefined;
  }

  #permission(record: Value<RecordNode>, field: Value | undefined): Fact<string> {
    if (field === undefined)
      return record.node.spreads.length > 0 ? { state: 'computed', place: placeOfRecord(record) } : MISSING;
    const place = field.file.placeOf(field.node);
    const word = this.#word(field, PERMISSIONS);
    return word === undefined ? { state: 'computed', place } : { state: 'known', value: word, place };
  }

  #pluginPermission(info: Value<RecordNode>): Fact<string> {
    const list = this.#resolver.field(info, 'permissions');
    if (list === undefined) return this.#permission(info, this.#resolver.field(info, 'permission'));
    const { items, isComplete } = this.#resolver.items(list);
    const [first] = items;
    if (first === undefined)
      return isComplete ? MISSING : { state: 'computed', place: list.file.placeOf(list.node) };
    return this.#permission(info, first);
  }

  #stages(record: Value<RecordNode>, name: string): Fact<readonly string[]> {
    const field = this.#resolver.field(record, name);
    if (field === undefined) return record.node.spreads.length > 0 ? { state: 'computed' } : MISSING;
    const place = field.file.placeOf(field.node);
    const { items, isComplete } = this.#resolver.items(field);
    if (!isComplete) return { state: 'computed', place };
    const words = items.map((item) => this.#word(item, STAGES) ?? '?');
    return { state: 'known', value: words, place };
  }

  #list<T>(owner: Value<RecordNode>, name: string, read: (record: Value<RecordNode>) => T): FactList<T> {
    const field = this.#resolver.field(owner, name);
    if (field === undefined) return { items: [], isComplete: owner.node.spreads.length === 0 };
    const { items, isComplete } = this.#resolver.items(field);
    const records = items.map((item) => this.#resolver.record(item));
    const found = records.filter((record) => record !== undefined);
    return { items: found.map(read), isComplete: isComplete && found.length === items.length };
  }

  #action(record: Value<RecordNode>): ActionFacts {
    const id = this.#text(record, 'id');
    return {
      // The guide's samples call it name; that this is no field is for another rule to say.
      id: id.state === 'missing' ? this.#text(record, 'name') : id,
      description: this.#text(record, 'description'),
      permission: this.#permission(record, this.#resolver.field(record, 'permission')),
      stages: this.#stages(record, 'stages'),
      params: this.#params(record, ['inputParams', 'params']),
      outputs: this.#params(record, ['outputParams', 'outputs']),
      intents: this.#list(record, 'intents', (intent) => this.#intent(intent)),
      routing: this.#routing(record),
      place: placeOfRecord(record),
      record,
    };
  }

  #params(action: Value<RecordNode>, names: readonly string[]): FactList<ParamFacts> {
    for (const name of names) {
      const field = this.#resolver.field(action, name);
      if (field === undefined) continue;
      const record = this.#resolver.record(field);
      // An object or a map has the name of a param before what describes it.
      if (record !== undefined) {
        const { file, node, given } = record;
        const items = node.fields.map((entry) => {
          const inner = this.#resolver.record({ file, node: entry.value, given });
          return inner === undefined ? undefined : this.#param(inner, entry.name);
        });
        const found = items.filter((item) => item !== undefined);
        return { items: found, isComplete: found.length === items.length && node.spreads.length === 0 };
      }
      return this.#list(action, name, (param) => this.#param(param));
    }
    return NONE;
  }

  #param(record: Value<RecordNode>, key?: string): ParamFacts {
    const place = placeOfRecord(record);
    return {
      name: key === undefined ? this.#text(record, 'name') : { state: 'known', value: key, place },
      type: this.#text(record, 'type'),
      required: this.#flag(record, 'required'),
      description: this.#text(record, 'description'),
      place,
    };
  }

  #intent(record: Value<RecordNode>): IntentFacts {
    const priority = this.#resolver.field(record, 'priority');
    const node = priority === undefined ? undefined : this.#resolver.resolve(priority).node;
    return {
      pattern: this.#text(record, 'pattern'),
      priority: node?.kind === 'number' ? node.value : 0,
      place: placeOfRecord(record),
    };
  }

  #config(record: Value<RecordNode>): ConfigFacts {
    const secret = this.#flag(record, 'isSecret');
    return {
      key: this.#text(record, 'key'),
      type: this.#text(record, 'type'),
      description: this.#text(record, 'description'),
      isSecret: secret.state === 'known' && secret.value,
      default: this.#text(record, 'default'),
      place: placeOfRecord(record),
    };
  }

  #template(record: Value<RecordNode>): TemplateFacts {
    return {
      name: this.#text(record, 'name'),
      content: this.#text(record, 'content'),
      place: placeOfRecord(record),
    };
  }

  #routing(action: Value<RecordNode>): Fact<RoutingSemantics> {
    const field = this.#resolver.field(action, 'routing');
    if (field === undefined) return action.node.spreads.length > 0 ? { state: 'computed' } : MISSING;
    const place = field.file.placeOf(field.node);
    const record = this.#resolver.record(field);
    if (record === undefined || record.node.spreads.length > 0) return { state: 'computed', place };
    let isKnown = true;
    const text = (name: string, absent: string): string => {
      const fact = this.#text(record, name);
      if (fact.state === 'computed') isKnown = false;
      return fact.state === 'known' ? fact.value : absent;
    };
    const texts = (name: string): string[] => {
      const list = this.#resolver.field(record, name);
      if (list === undefined) return [];
      const { items, isComplete } = this.#resolver.items(list);
      const values = items.map((item) => this.#resolver.text(item));
      if (!isComplete || values.includes(undefined)) isKnown = false;
      return values.filter((value) => value !== undefined);
    };
    const value: RoutingSemantics = {
      schemaVersion: this.#schemaVersion(record, text),
      acceptedIntentDomains: texts('acceptedIntentDomains'),
      capabilityDomain: text('capabilityDomain', ''),
      positiveUseCases: texts('positiveUseCases'),
      negativeUseCases: texts('negativeUseCases'),
      signalDomains: texts('signalDomains'),
      backendDomains: texts('backendDomains'),
      entityTypes: texts('entityTypes'),
    };
    return isKnown ? { state: 'known', value, place } : { state: 'computed', place };
  }

  /** The SDKs' constant cannot be followed into the SDK; Python has it as the default. */
  #schemaVersion(record: Value<RecordNode>, text: (name: string, absent: string) => string): string {
    const field = this.#resolver.field(record, 'schemaVersion');
    const isConstant = field?.node.kind === 'name' && /schema_?version/i.test(field.node.path.at(-1) ?? '');
    if (isConstant || (field === undefined && this.#workspace.language === 'python')) return SCHEMA_VERSION;
    return text('schemaVersion', '');
  }
}

const SCHEMA_VERSION = 'mirastack.routing_semantics/v1';

const hasField = (record: RecordNode, name: string) =>
  record.fields.some((field) => plainName(field.name) === plainName(name));

const placeOfRecord = ({ file, node }: Value<RecordNode>): Place => file.placeOf(node);

/** `PermissionRead`, `Permission.READ` and `READ` are READ. */
function matchWord(name: string, words: readonly string[]): string | undefined {
  const plain = name.replace(/^(Permission|Stage|DevOpsStage)(?=[A-Z])/, '').toLowerCase();
  return words.find((word) => word.toLowerCase() === plain);
}

function lastReturn(node: FunctionNode) {
  const last = node.body.at(-1);
  return last?.kind === 'return' ? last.value : undefined;
}
