/**
 * The types of the SDKs that an agent writes out, as facts: one row for each field, named as in TypeScript.
 * Go names are the same in Pascal case, Python names in snake case, unless said otherwise.
 */

/** What a field takes. */
export type FieldShape = 'text' | 'flag' | 'number' | 'constant' | 'list' | 'record' | 'any';

export interface SdkField {
  readonly name: string;
  readonly shape: FieldShape;
  /** The type of the value, or with `[]` that of the items of a list. */
  readonly type?: string;
  readonly go?: string;
  readonly python?: string;
  /** False where a language's SDK does not have it. */
  readonly typescript?: false;
  readonly goSdk?: false;
  readonly pythonSdk?: false;
}

const text = (name: string): SdkField => ({ name, shape: 'text' });
const flag = (name: string): SdkField => ({ name, shape: 'flag' });
const texts = (name: string): SdkField => ({ name, shape: 'list' });
const list = (name: string, type: string, more: Partial<SdkField> = {}): SdkField => ({
  name,
  shape: 'list',
  type: `${type}[]`,
  ...more,
});

/** Fields in the order in which Python takes them by position. */
export const SDK_TYPES: Readonly<Record<string, readonly SdkField[]>> = {
  PluginInfo: [
    text('name'),
    text('version'),
    text('description'),
    list('permissions', 'Permission', { typescript: false }),
    { name: 'permission', shape: 'constant', goSdk: false, pythonSdk: false },
    list('devopsStages', 'Stage', { go: 'DevOpsStages', python: 'devops_stages' }),
    list('intents', 'IntentPattern'),
    list('actions', 'Action'),
    list('promptTemplates', 'PromptTemplate'),
    list('configParams', 'ConfigParam'),
  ],
  PluginSchema: [
    list('inputParams', 'ParamSchema', { typescript: false }),
    list('outputParams', 'ParamSchema', { typescript: false }),
    list('actions', 'Action'),
  ],
  Action: [
    { ...text('id'), go: 'ID' },
    text('description'),
    { name: 'permission', shape: 'constant' },
    list('stages', 'Stage'),
    list('intents', 'IntentPattern'),
    list('inputParams', 'ParamSchema'),
    list('outputParams', 'ParamSchema'),
    { name: 'routing', shape: 'record', type: 'RoutingSemantics' },
  ],
  ParamSchema: [text('name'), text('type'), flag('required'), text('description')],
  ConfigParam: [
    text('key'),
    text('type'),
    flag('required'),
    text('default'),
    text('description'),
    flag('isSecret'),
  ],
  IntentPattern: [text('pattern'), text('description'), { name: 'priority', shape: 'number' }],
  PromptTemplate: [text('name'), text('description'), text('content')],
  RoutingSemantics: [
    text('schemaVersion'),
    texts('acceptedIntentDomains'),
    text('capabilityDomain'),
    texts('positiveUseCases'),
    texts('negativeUseCases'),
    texts('signalDomains'),
    texts('backendDomains'),
    texts('entityTypes'),
  ],
  ExecuteResponse: [
    { name: 'output', shape: 'any' },
    { ...texts('logs'), typescript: false },
  ],
};

/** A name without case and underscores: the same word in all three languages. */
export const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase();

const byPlainName = new Map(
  Object.entries(SDK_TYPES).map(([type, fields]) => [
    type,
    new Map(fields.map((field) => [plainName(field.name), field])),
  ]),
);

/** A field by any language's name for it. */
export function sdkField(type: string, name: string): SdkField | undefined {
  return byPlainName.get(type)?.get(plainName(name));
}

/** The written type of a field's value, where it is one of the SDK's. */
export function fieldType(type: string | undefined, name: string): string {
  return type === undefined ? '' : (sdkField(type, name)?.type ?? '');
}

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a field is called in a language's SDK; undefined when that SDK has no such field. */
export function fieldNameIn(language: 'typescript' | 'go' | 'python', field: SdkField): string | undefined {
  switch (language) {
    case 'typescript':
      return field.typescript === false ? undefined : field.name;
    case 'go':
      return field.goSdk === false ? undefined : (field.go ?? pascal(field.name));
    case 'python':
      return field.pythonSdk === false ? undefined : (field.python ?? snake(field.name));
    default: {
      const never: never = language;
      throw new TypeError(`unknown language ${JSON.stringify(never)}`);
    }
  }
}
