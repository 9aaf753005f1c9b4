import { type ExecuteRequest, type ExecuteResponse, respond } from 'create-mirastack-agent';
import type { BackendClient } from './client.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** Action get_item: one item by its id. */
export async function getItem(client: BackendClient, request: ExecuteRequest): Promise<ExecuteResponse> {
  const id = request.params.id;
  if (!id) throw new Error('missing required param: id');
  return respond({ item: await client.getItem(id, request.signal) });
}

/** Action list_items: the items, optionally of one type. */
export async function listItems(client: BackendClient, request: ExecuteRequest): Promise<ExecuteResponse> {
  const filter = { type: request.params.type || undefined, limit: parseLimit(request.params.limit) };
  const { items, total } = await client.listItems(filter, request.signal);
  return respond({ items, count: items.length, total });
}

/** Params arrive as strings whatever their declared type is. */
function parseLimit(text: string | undefined): number {
  if (!text) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new Error(`limit must be a whole number from 1 to ${MAX_LIMIT}, got ${JSON.stringify(text)}`);
  }
  return limit;
}
