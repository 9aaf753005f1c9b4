import type { Kpi } from '../../contract/index.ts';
import { kpiToMessage, type ServiceHandlers } from '../../wire/index.ts';
import type { Callers } from '../callers.ts';
import type { ConfigStore } from '../config-store.ts';

/** GetConfig, ListKPIs and GetKPI: what agents read and never change. */
export function readingCalls(parts: {
  readonly callers: Callers;
  readonly config: ConfigStore;
  readonly kpis: () => readonly Kpi[];
}): ServiceHandlers<'EngineService'> {
  const { callers } = parts;
  return {
    GetConfig: ({ plugin_name, tenant_id }, context) => {
      callers.check('GetConfig', tenant_id, context, plugin_name);
      const { config, version } = parts.config.snapshot(tenant_id, plugin_name);
      // The text is all that the Python SDK reads (protocol.md §2.5).
      return { config: { ...config }, version, config_json: JSON.stringify(config) };
    },
    ListKPIs: ({ tenant_id, kind, layer }, context) => {
      callers.check('ListKPIs', tenant_id, context);
      const matches = (wanted: string | undefined, value: string) => !wanted || wanted === value;
      const kpis = parts
        .kpis()
        .filter((kpi) => kpi.tenantId === tenant_id && matches(kind, kpi.kind) && matches(layer, kpi.layer));
      return { kpis: kpis.map(kpiToMessage) };
    },
    GetKPI: ({ tenant_id, kpi_id }, context) => {
      callers.check('GetKPI', tenant_id, context);
      const found = parts.kpis().find((kpi) => kpi.tenantId === tenant_id && kpi.id === kpi_id);
      return { kpi: found === undefined ? undefined : kpiToMessage(found) };
    },
  };
}
