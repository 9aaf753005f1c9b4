// A small backend to develop and test against: a real HTTP server that keeps its items in memory.
//
//   node dev/backend.mjs --port 8080      0, the default, takes a free port
//
//   GET  /healthz                          {"status":"ok"}
//   GET  /items?type=database&limit=10     {"items":[…],"total":12}
//   GET  /items/item-001                   one item, or 404
//   POST /admin/latency {"ms":3000}        answer everything that much later
//   POST /admin/down {"down":true}         answer everything else with 503
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const TYPES = ['server', 'database', 'queue', 'cache', 'gateway'];
const STATUSES = ['ok', 'ok', 'ok', 'degraded', 'ok', 'ok', 'down'];
const OWNERS = ['payments', 'search', 'platform', 'identity'];
const MAX_BODY_BYTES = 1024;
const MAX_LATENCY_MS = 600_000;

const items = Array.from({ length: 60 }, (_, index) => {
  const type = TYPES[index % TYPES.length];
  return {
    id: `item-${String(index + 1).padStart(3, '0')}`,
    name: `${OWNERS[index % OWNERS.length]}-${type}-${Math.floor(index / TYPES.length) + 1}`,
    type,
    status: STATUSES[index % STATUSES.length],
    owner: OWNERS[index % OWNERS.length],
    updatedAt: new Date(Date.UTC(2025, 0, 1, 8, index * 7)).toISOString(),
  };
});

const state = { latencyMs: 0, down: false };

class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function listItems(query) {
  const type = query.get('type');
  const limit = Number(query.get('limit') ?? items.length);
  if (!Number.isInteger(limit) || limit < 1) throw new HttpError(400, 'limit must be a whole number above 0');
  const matching = type ? items.filter((item) => item.type === type) : items;
  return { items: matching.slice(0, limit), total: matching.length };
}

function getItem(id) {
  const item = items.find((candidate) => candidate.id === id);
  if (!item) throw new HttpError(404, 'no such item');
  return item;
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) throw new HttpError(413, 'the body is too large');
  }
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new HttpError(400, 'the body must be JSON');
  }
}

async function administer(request, path) {
  if (request.method !== 'POST') throw new HttpError(405, 'use POST');
  const body = await readJson(request);
  if (path === '/admin/latency') {
    if (!Number.isInteger(body.ms) || body.ms < 0 || body.ms > MAX_LATENCY_MS) {
      throw new HttpError(400, `ms must be a whole number from 0 to ${MAX_LATENCY_MS}`);
    }
    state.latencyMs = body.ms;
  } else if (path === '/admin/down') {
    if (typeof body.down !== 'boolean') throw new HttpError(400, 'down must be true or false');
    state.down = body.down;
  } else {
    throw new HttpError(404, 'no such switch');
  }
  return state;
}

async function answer(request) {
  const url = new URL(request.url ?? '/', 'http://backend.invalid');
  if (url.pathname.startsWith('/admin/')) return administer(request, url.pathname);
  if (state.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, state.latencyMs));
  if (state.down) throw new HttpError(503, 'the backend is down');
  if (request.method !== 'GET') throw new HttpError(405, 'use GET');
  if (url.pathname === '/healthz') return { status: 'ok' };
  if (url.pathname === '/items') return listItems(url.searchParams);
  if (url.pathname.startsWith('/items/')) return getItem(decodeId(url.pathname.slice('/items/'.length)));
  throw new HttpError(404, 'no such page');
}

function decodeId(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, 'the id is not a valid part of a URL');
  }
}

const server = createServer((request, response) => {
  const send = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  answer(request).then(
    (body) => send(200, body),
    (error) => send(error.status ?? 500, { error: error.message }),
  );
});

function readPort() {
  try {
    const { port } = parseArgs({ options: { port: { type: 'string', default: '0' } } }).values;
    if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) return Number(port);
    throw new Error(`--port must be a number from 0 to 65535, got ${JSON.stringify(port)}`);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

const port = readPort();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
server.on('error', (error) => {
  console.error(`the backend cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
