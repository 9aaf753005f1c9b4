import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '../../src/wire/client.ts';
import { type RawServer, serveRaw } from '../support/raw-grpc.ts';

let peer: RawServer;
afterEach(async () => {
  await peer.close();
  delete process.env.http_proxy;
});

function connect(raw: RawServer) {
  return createClient({
    service: 'EngineService',
    address: `127.0.0.1:${raw.port}`,
    pluginName: 'my_agent',
    keepalive: true,
  });
}

describe('what goes over the socket', () => {
  test('header and body of a call', async () => {
    peer = await serveRaw(() => ({ body: '{"success":true,"plugin_id":"plg_1"}' }));
    const client = connect(peer);
    await client.call(
      'RegisterPlugin',
      {
        name: 'my_agent',
        version: '1.0.0',
        grpc_addr: 'h:1',
        plugin_type: 1,
        instance_id: 'i',
        tenant_id: 't',
      },
      { timeoutMs: 10_000 },
    );
    await client.call('CacheSet', {
      key: 'k',
      value: Buffer.from([0x76, 0, 0xff]),
      ttl_seconds: 90,
      tenant_id: 't',
    });
    client.close();
    const [register, cacheSet] = peer.calls;
    expect(register?.path).toBe('/mirastack.plugin.v1.EngineService/RegisterPlugin');
    expect(register?.headers).toMatchObject({
      'content-type': 'application/grpc+json',
      te: 'trailers',
      'x-plugin-name': 'my_agent',
    });
    expect(register?.headers['grpc-timeout']).toBeDefined();
    expect(register?.body.toString()).toBe(
      '{"name":"my_agent","version":"1.0.0","grpc_addr":"h:1","plugin_type":1,"instance_id":"i","tenant_id":"t"}',
    );
    expect(cacheSet?.headers['content-type']).toBe('application/grpc+json');
    expect(cacheSet?.headers['grpc-timeout']).toBeUndefined();
    expect(cacheSet?.body.toString()).toBe('{"key":"k","value":"dgD/","ttl_seconds":90,"tenant_id":"t"}');
  });

  test('an empty message is {}', async () => {
    peer = await serveRaw(() => ({ body: '{"name":"x"}' }));
    const client = createClient({
      service: 'PluginService',
      address: `127.0.0.1:${peer.port}`,
      keepalive: false,
    });
    await client.call('Info', {});
    client.close();
    expect(peer.calls[0]?.body.toString()).toBe('{}');
    expect(peer.calls[0]?.headers['x-plugin-name']).toBeUndefined();
  });
});

test('loopback is never dialled through a proxy', async () => {
  peer = await serveRaw(() => ({ body: '{}' }));
  process.env.http_proxy = 'http://127.0.0.1:9';
  const client = connect(peer);
  await expect(client.call('Heartbeat', { name: 'a', instance_id: 'i' })).resolves.toMatchObject({
    acknowledged: false,
  });
  client.close();
});

test('a status and an unreadable reply are errors with their text', async () => {
  let answer: { status?: number; message?: string; body?: string } = {
    status: 7,
    message: 'tenant "x" is not active',
  };
  peer = await serveRaw(() => answer);
  const client = connect(peer);
  await expect(client.call('Heartbeat', {})).rejects.toMatchObject({
    status: 'PERMISSION_DENIED',
    message: 'tenant "x" is not active',
  });
  answer = { body: '{"acknowledged":1}' };
  await expect(client.call('Heartbeat', {})).rejects.toMatchObject({
    status: 'INTERNAL',
    message: 'unreadable reply: acknowledged: expected true or false, got 1',
  });
  client.close();
});

test('nobody there', async () => {
  peer = await serveRaw(() => ({ body: '{}' }));
  const client = connect(peer);
  await peer.close();
  await expect(client.call('Heartbeat', {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
    status: 'UNAVAILABLE',
  });
  client.close();
});
