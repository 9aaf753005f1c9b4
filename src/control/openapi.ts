import type { Route } from './routes/route.ts';
import { ref, type Schema } from './schema.ts';
import { apiSchemas } from './schemas/index.ts';

type Json = Readonly<Record<string, unknown>>;

const jsonContent = (schema: Schema): Json => ({ content: { 'application/json': { schema } } });

function describeAnswer({ answer, perform, summary }: Route): Json {
  if (answer === undefined) return { description: summary, ...jsonContent({ type: 'object' }) };
  if (perform === 'stream')
    return {
      description: 'One event a message: `id` is its number, `data` its JSON.',
      content: { 'text/event-stream': { schema: { type: 'string' }, 'x-event': ref(answer) } },
    };
  return { description: 'Done.', ...jsonContent(ref(answer)) };
}

function describeParameters({ path, query = {}, perform }: Route): Json[] {
  const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const queries = Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema }));
  const resume =
    perform === 'stream' ? [{ name: 'Last-Event-ID', in: 'header', schema: { type: 'integer' } }] : [];
  return [...parts, ...queries, ...resume];
}

function describeRoute(route: Route): Json {
  const parameters = describeParameters(route);
  return {
    operationId: route.id,
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === undefined ? {} : { requestBody: { required: true, ...jsonContent(ref(route.body)) } }),
    responses: { 200: describeAnswer(route), default: { $ref: '#/components/responses/Error' } },
  };
}

/** The OpenAPI 3.1 document of the API. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method.toLowerCase()] = describeRoute(route);
    paths[route.path] = item;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control API of the MIRASTACK dev engine',
      version,
      description:
        'Local HTTP on 127.0.0.1. The token stands in the session file of the engine, which only its user can read. ' +
        'Every request must name this server in Host, come from no other origin, and carry JSON alone.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:{port}', variables: { port: { default: '0' } } }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        Error: {
          description:
            '400 a body that does not fit · 401 wrong token · 403 foreign origin or site · 404 no such path · 405 ' +
            'wrong method · 409 it was tried and failed · 413 body over 8 MiB · 415 not JSON · 421 wrong Host · 422 ' +
            'cannot be done as asked · 426 upgrade · 429 too many streams · 500 our bug · 503 agent not reachable',
          ...jsonContent(ref('Error')),
        },
      },
      schemas: apiSchemas(),
    },
  };
}
