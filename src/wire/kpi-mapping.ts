import type { Kpi } from '../contract/index.ts';
import type { KPIView } from './generated/messages.ts';

/** A KPI as it travels: exactly the keys of the message, because the Python SDK raises on any other. */
export function kpiToMessage(kpi: Kpi): KPIView {
  return {
    id: kpi.id,
    tenant_id: kpi.tenantId,
    name: kpi.name,
    query: kpi.query,
    integration_id: kpi.integrationId,
    kind: kpi.kind,
    layer: kpi.layer,
    sentiment: kpi.sentiment,
    classifier: kpi.classifier,
    definition: kpi.definition,
    created_at: kpi.createdAt,
    updated_at: kpi.updatedAt,
    created_by: kpi.createdBy,
    updated_by: kpi.updatedBy,
  };
}

/** A KPI as agents read it. */
export function kpiFromMessage(message: KPIView): Kpi {
  return {
    id: message.id,
    tenantId: message.tenant_id,
    name: message.name,
    query: message.query,
    integrationId: message.integration_id,
    kind: message.kind,
    layer: message.layer,
    sentiment: message.sentiment,
    classifier: message.classifier,
    definition: message.definition,
    createdAt: Number(message.created_at),
    updatedAt: Number(message.updated_at),
    ...(message.created_by ? { createdBy: message.created_by } : {}),
    ...(message.updated_by ? { updatedBy: message.updated_by } : {}),
  };
}
