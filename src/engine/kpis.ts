import type { Kpi } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';

const TEXTS = [
  'name',
  'query',
  'integrationId',
  'kind',
  'layer',
  'sentiment',
  'classifier',
  'definition',
] as const;
const TIMES = ['createdAt', 'updatedAt'] as const;
const OPTIONAL = ['createdBy', 'updatedBy'] as const;
const KNOWN: readonly string[] = ['id', 'tenantId', ...TEXTS, ...TIMES, ...OPTIONAL];

function refuse(place: string, expected: string): never {
  throw new UserError({
    kind: 'usage',
    code: 'bad-kpis',
    message: `The KPI file's ${place} must be ${expected}.`,
    hint: 'Write {"kpis":[{"id":"checkout_errors","name":"Checkout errors","kind":"business","layer":"gold"}]}.',
  });
}

function readText(fields: Readonly<Record<string, unknown>>, key: string, place: string): string {
  const value = fields[key] ?? '';
  if (typeof value !== 'string') refuse(`${place}.${key}`, 'a string');
  return value;
}

function parseKpi(value: unknown, index: number, tenantId: string): Kpi {
  const place = `kpis[${index}]`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, 'an object');
  const fields = value as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(fields).find((key) => !KNOWN.includes(key));
  if (stranger !== undefined)
    refuse(place, `made of ${KNOWN.join(', ')}; it has ${JSON.stringify(stranger)}`);
  const id = readText(fields, 'id', place);
  if (id === '') refuse(`${place}.id`, 'a string that is not empty');
  const texts = Object.fromEntries(TEXTS.map((key) => [key, readText(fields, key, place)]));
  const times = TIMES.map((key) => {
    const time = fields[key] ?? 0;
    if (!Number.isSafeInteger(time)) refuse(`${place}.${key}`, 'whole epoch milliseconds');
    return [key, time];
  });
  const people = OPTIONAL.flatMap((key) =>
    fields[key] === undefined ? [] : [[key, readText(fields, key, place)]],
  );
  return {
    id,
    tenantId: readText(fields, 'tenantId', place) || tenantId,
    ...texts,
    ...Object.fromEntries(times),
    ...Object.fromEntries(people),
  } as Kpi;
}

/**
 * Reads KPIs from the document in their file: `{"kpis": […]}`, or the list alone.
 * @param tenantId of those that name none
 * @throws UserError bad-kpis that names the place
 */
export function parseKpis(document: unknown, tenantId: string): Kpi[] {
  const list = Array.isArray(document) ? document : (document as { kpis?: unknown } | null)?.kpis;
  if (!Array.isArray(list)) refuse('document', 'a list, or an object with the list `kpis`');
  const kpis = list.map((item, index) => parseKpi(item, index, tenantId));
  const twice = kpis.find((kpi, index) =>
    kpis.some((other, at) => at < index && other.id === kpi.id && other.tenantId === kpi.tenantId),
  );
  if (twice !== undefined) refuse(`id ${JSON.stringify(twice.id)}`, 'unique');
  return kpis;
}
