import { expect, test } from 'vitest';
import { parseEngineConfig } from '../../src/cli/engine-config.ts';

test('reads what the dev engine honours and passes over the rest', () => {
  expect(
    parseEngineConfig(
      {
        listen_addr: ':8080',
        websocket_addr: ':8080',
        grpc_addr: '0.0.0.0:9090',
        llm: { provider: 'x' },
        plugins: {
          dir: '/opt/mirastack/plugins',
          health_check_interval: '1m30s',
          external: [{ name: 'my_agent', addr: '192.168.1.50:50051', note: 'x' }],
        },
      },
      'config.yaml',
    ),
  ).toEqual({
    pluginsDir: '/opt/mirastack/plugins',
    externalAgents: [{ name: 'my_agent', address: '192.168.1.50:50051' }],
    healthInterval: 90,
    // The port only: a file must not open the dev engine to other machines.
    port: 9090,
  });
  for (const empty of [
    {},
    { plugins: null },
    { plugins: { external: null, dir: null } },
    { grpc_addr: null },
  ])
    expect(parseEngineConfig(empty, 'config.yaml')).toEqual({ externalAgents: [] });
});

test.each([
  [null, 'config.yaml: the document must be an object.'],
  [{ plugins: [] }, 'config.yaml: plugins must be an object.'],
  [{ plugins: { dir: 5 } }, 'config.yaml: plugins.dir must be a folder.'],
  [{ plugins: { external: {} } }, 'config.yaml: plugins.external must be a list.'],
  [{ plugins: { external: [{ name: 'a' }] } }, 'config.yaml: plugins.external[0].addr must be host:port.'],
  [
    { plugins: { external: [{ addr: 'a:1' }] } },
    "config.yaml: plugins.external[0].name must be an agent's name.",
  ],
  [
    { plugins: { health_check_interval: 'often' } },
    'config.yaml: plugins.health_check_interval must be a duration such as 30s, from 100ms to 24h.',
  ],
  [
    { plugins: { health_check_interval: '1000h' } },
    'config.yaml: plugins.health_check_interval must be a duration such as 30s, from 100ms to 24h.',
  ],
  [{ plugins: { health_check_interval: 0.05 } }, 'from 100ms to 24h'],
  [{ plugins: { health_check_interval: Number.NaN } }, 'from 100ms to 24h'],
  [
    { plugins: { external: ['5', '6'].map((port) => ({ name: 'a', addr: `127.0.0.1:${port}` })) } },
    'config.yaml: plugins.external[1].name must be a name that no other has: an agent is listed once.',
  ],
  [{ grpc_addr: 'nowhere' }, 'config.yaml: grpc_addr must be host:port.'],
])('%j is refused by name', (document, message) => {
  expect(() => parseEngineConfig(document, 'config.yaml')).toThrow(message);
});
