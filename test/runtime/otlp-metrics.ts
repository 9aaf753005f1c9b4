/** Reads what an OTLP exporter of metrics sends: the fields of opentelemetry-proto 1.x that tests ask for. */
import protobuf from 'protobufjs';

const SCHEMA = `
syntax = "proto3";
message Export { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Scope { string name = 1; string version = 2; }
message Metric { string name = 1; string unit = 3; Sum sum = 7; Histogram histogram = 9; }
message Sum { repeated NumberPoint data_points = 1; bool is_monotonic = 3; }
message NumberPoint { repeated KeyValue attributes = 7; double as_double = 4; sfixed64 as_int = 6; }
message Histogram { repeated HistogramPoint data_points = 1; }
message HistogramPoint { repeated KeyValue attributes = 9; fixed64 count = 4; double sum = 5; repeated double explicit_bounds = 7; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; } }
`;

const message = protobuf.parse(SCHEMA, { keepCase: true }).root.lookupType('Export');

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, string | boolean>>;
}
interface Point {
  readonly attributes?: readonly KeyValue[];
  readonly as_double?: number;
  readonly as_int?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly explicit_bounds?: readonly number[];
}
interface Export {
  readonly resource_metrics?: readonly {
    readonly resource: { readonly attributes?: readonly KeyValue[] };
    readonly scope_metrics?: readonly {
      readonly scope: { readonly name: string };
      readonly metrics?: readonly {
        readonly name: string;
        readonly unit?: string;
        readonly sum?: { readonly data_points: readonly Point[]; readonly is_monotonic?: boolean };
        readonly histogram?: { readonly data_points: readonly Point[] };
      }[];
    }[];
  }[];
}

export type Attributes = Readonly<Record<string, string | boolean>>;

/** One series of one instrument. */
export interface Series {
  readonly metric: string;
  readonly unit: string;
  readonly scope: string;
  readonly kind: 'counter' | 'sum' | 'histogram';
  readonly resource: Attributes;
  readonly attributes: Attributes;
  /** Of a counter its value, of a histogram how many values it has seen. */
  readonly count: number;
  /** Of a histogram. */
  readonly total?: number;
  readonly bounds?: readonly number[];
}

const toAttributes = (list: readonly KeyValue[] = []): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));

/** Every series of one export. */
export function readSeries(body: Uint8Array): Series[] {
  const decoded = message.toObject(message.decode(body), { longs: Number }) as Export;
  return (decoded.resource_metrics ?? []).flatMap(({ resource, scope_metrics = [] }) =>
    scope_metrics.flatMap(({ scope, metrics = [] }) =>
      metrics.flatMap(({ name, unit = '', sum, histogram }) => {
        const common = { metric: name, unit, scope: scope.name, resource: toAttributes(resource.attributes) };
        const counted = (sum?.data_points ?? []).map((point) => ({
          ...common,
          kind: sum?.is_monotonic ? ('counter' as const) : ('sum' as const),
          attributes: toAttributes(point.attributes),
          count: point.as_int ?? point.as_double ?? 0,
        }));
        const measured = (histogram?.data_points ?? []).map((point) => ({
          ...common,
          kind: 'histogram' as const,
          attributes: toAttributes(point.attributes),
          count: point.count ?? 0,
          total: point.sum ?? 0,
          bounds: point.explicit_bounds ?? [],
        }));
        return [...counted, ...measured];
      }),
    ),
  );
}
