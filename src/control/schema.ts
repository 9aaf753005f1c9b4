type TypeName = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** The part of JSON Schema 2020-12 that this API is described in. */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  /** `#/components/schemas/<name>`. */
  readonly $ref?: string;
}

export type Schemas = Readonly<Record<string, Schema>>;

/** What is wrong with a value: where, and what was expected there. */
export interface Fault {
  readonly place: string;
  readonly expected: string;
}

const REF = '#/components/schemas/';
/** What the place of a fault is called where it is the value itself. */
const WHOLE = 'The body';

/** A reference to a named schema. */
export const ref = (name: string): Schema => ({ $ref: `${REF}${name}` });

function typeNames(value: unknown): readonly TypeName[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number'];
  return [typeof value as TypeName];
}

const TYPE_TEXTS: Readonly<Record<TypeName, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/** What the schema expects, in words. */
function describe(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return `one of ${schema.enum.map((item) => JSON.stringify(item)).join(', ')}`;
  const types = [schema.type ?? []].flat().map((type) => TYPE_TEXTS[type]);
  const range =
    schema.minimum === undefined && schema.maximum === undefined
      ? ''
      : ` from ${schema.minimum ?? 'any'} to ${schema.maximum ?? 'any'}`;
  const form = schema.pattern === undefined ? '' : (schema.description ?? `like ${schema.pattern}`);
  return form === '' ? `${types.join(' or ')}${range}` : `a string: ${form}`;
}

function isWithin(schema: Schema, value: unknown): boolean {
  if (schema.const !== undefined && value !== schema.const) return false;
  if (schema.enum !== undefined && !schema.enum.some((item) => item === value)) return false;
  if (typeof value === 'number')
    return (
      value >= (schema.minimum ?? Number.NEGATIVE_INFINITY) &&
      value <= (schema.maximum ?? Number.POSITIVE_INFINITY)
    );
  if (typeof value !== 'string') return true;
  if (schema.maxLength !== undefined && value.length > schema.maxLength) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value);
}

function findInObject(schemas: Schemas, schema: Schema, value: object, place: string): Fault | undefined {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const fields = value as Readonly<Record<string, unknown>>;
  const inner = (name: string) => (place === '' ? name : `${place}.${name}`);
  for (const name of Object.keys(fields)) {
    const known = Object.hasOwn(properties, name);
    if (!known && additionalProperties === false)
      return {
        place: place === '' ? WHOLE : place,
        expected: `free of the unknown field ${JSON.stringify(name)}; it takes ${Object.keys(properties).join(', ')}`,
      };
    const child = known ? properties[name] : additionalProperties;
    const fault =
      typeof child === 'object' ? findFault(schemas, child, fields[name], inner(name)) : undefined;
    if (fault !== undefined) return fault;
  }
  const missing = required.find((name) => !Object.hasOwn(fields, name));
  if (missing === undefined) return undefined;
  return { place: inner(missing), expected: describeDeep(schemas, properties[missing] ?? {}) };
}

const describeDeep = (schemas: Schemas, schema: Schema): string => describe(resolve(schemas, schema));

function resolve(schemas: Schemas, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const target = schemas[schema.$ref.slice(REF.length)];
  if (target === undefined) throw new TypeError(`No schema ${schema.$ref}.`);
  return target;
}

/**
 * The first place where a value is not as the schema says; undefined when it is.
 * @param place path of the value, empty for the whole
 */
export function findFault(schemas: Schemas, given: Schema, value: unknown, place = ''): Fault | undefined {
  const schema = resolve(schemas, given);
  if (schema.anyOf !== undefined) {
    const faults = schema.anyOf.map((option) => findFault(schemas, option, value, place));
    if (faults.includes(undefined)) return undefined;
    // The option that got furthest is the one that was meant.
    return faults.reduce((best, fault) => (placeDepth(fault) > placeDepth(best) ? fault : best));
  }
  const wrong = { place: place === '' ? WHOLE : place, expected: describe(schema) };
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !typeNames(value).some((name) => types.includes(name))) return wrong;
  if (!isWithin(schema, value)) return wrong;
  if (Array.isArray(value)) {
    if (schema.items === undefined) return undefined;
    for (const [index, item] of value.entries()) {
      const fault = findFault(schemas, schema.items, item, `${place}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  return typeof value === 'object' && value !== null
    ? findInObject(schemas, schema, value, place)
    : undefined;
}

const placeDepth = (fault: Fault | undefined): number =>
  fault === undefined || fault.place === WHOLE ? 0 : fault.place.split(/[.[]/).length;
