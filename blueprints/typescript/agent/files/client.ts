const DEFAULT_TIMEOUT_MS = 5000;

/** An item as the backend stores it. A type, not an interface, so that it counts as JSON output. */
export type Item = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly owner: string;
  readonly updatedAt: string;
};

export type ItemFilter = {
  readonly type: string | undefined;
  readonly limit: number;
};

export type ItemPage = {
  readonly items: readonly Item[];
  /** How many items match in the backend, returned or not. */
  readonly total: number;
};

/** The backend gave no usable answer. The message is safe to show: it never holds the address. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** Talks to the backend over HTTP. Every call ends: by an answer, by the timeout, or by the caller's signal. */
export class BackendClient {
  readonly #baseUrl: URL;
  readonly #timeoutMs: number;

  constructor(baseUrl: string, timeoutMs: number = DEFAULT_TIMEOUT_MS) {
    this.#baseUrl = parseBaseUrl(baseUrl);
    this.#timeoutMs = timeoutMs;
  }

  async getItem(id: string, signal?: AbortSignal): Promise<Item> {
    const notFound = new BackendError(`no item has the id ${JSON.stringify(id)}`);
    // A URL treats these two as steps up the path, even when they are encoded.
    if (id === '.' || id === '..') throw notFound;
    const { status, body } = await this.#get(`items/${encodeURIComponent(id)}`, signal);
    if (status === 404) throw notFound;
    return toItem(expectOk(status, body));
  }

  async listItems(filter: ItemFilter, signal?: AbortSignal): Promise<ItemPage> {
    const query = new URLSearchParams({ limit: String(filter.limit) });
    if (filter.type !== undefined) query.set('type', filter.type);
    const { status, body } = await this.#get(`items?${query}`, signal);
    const page = expectOk(status, body);
    if (!isRecord(page) || !Array.isArray(page.items) || typeof page.total !== 'number') {
      throw new BackendError('the backend sent a list of items in an unknown shape');
    }
    return { items: page.items.map(toItem), total: page.total };
  }

  /** Resolves when the backend says that it is healthy, in whatever words. */
  async checkHealth(signal?: AbortSignal): Promise<void> {
    checkStatus((await this.#get('healthz', signal)).status);
  }

  async #get(path: string, signal?: AbortSignal): Promise<{ status: number; body: string }> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      const response = await fetch(new URL(path, this.#baseUrl), {
        headers: { accept: 'application/json' },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      if (signal?.aborted) throw new BackendError('the call ended before the backend answered');
      if (timeout.aborted) throw new BackendError(`the backend did not answer within ${this.#timeoutMs} ms`);
      throw new BackendError(`the backend is not reachable${describeCause(error)}`);
    }
  }
}

/** Ends in a slash, so that a path in the address is kept. */
function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error('the address of the backend must be an http or https URL');
  }
  if (url.username || url.password) throw new Error('the address of the backend must not hold credentials');
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function checkStatus(status: number): void {
  if (status < 200 || status > 299) throw new BackendError(`the backend answered with status ${status}`);
}

/** The parsed body of a good answer. */
function expectOk(status: number, body: string): unknown {
  checkStatus(status);
  try {
    return JSON.parse(body);
  } catch {
    throw new BackendError('the backend answered with something that is not JSON');
  }
}

function toItem(value: unknown): Item {
  if (!isRecord(value)) throw new BackendError('the backend sent an item in an unknown shape');
  const text = (key: string): string => {
    const field = value[key];
    if (typeof field !== 'string') throw new BackendError(`the backend sent an item without ${key}`);
    return field;
  };
  return {
    id: text('id'),
    name: text('name'),
    type: text('type'),
    status: text('status'),
    owner: text('owner'),
    updatedAt: text('updatedAt'),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The system's word for a failed connection, such as ECONNREFUSED, without host or port. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return isRecord(cause) && typeof cause.code === 'string' ? ` (${cause.code})` : '';
}
