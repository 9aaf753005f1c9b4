import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createLogger,
  type PluginInfo,
  type RunningAgent,
  redactSecrets,
  Secret,
  startAgent,
} from '../../src/runtime/index.ts';
import { createRedactor } from '../../src/runtime/secrets.ts';
import { createClient, type WireClient, WireError } from '../../src/wire/index.ts';
import { type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';

describe('Secret', () => {
  const secret = new Secret('S3CR3T-of-the-class');

  test('prints as *** and reveals itself only when asked', () => {
    expect(`${secret}`).toBe('***');
    expect(JSON.stringify({ secret })).toBe('{"secret":"***"}');
    expect(inspect({ secret })).toBe('{ secret: *** }');
    expect(Object.keys(secret)).toEqual([]);
    expect(secret.reveal()).toBe('S3CR3T-of-the-class');
  });

  test('its value is masked wherever it turns up from then on', () => {
    expect(redactSecrets('cannot read http://u:S3CR3T-of-the-class@host')).toBe(
      'cannot read http://u:***@host',
    );
  });
});

describe('the redactor', () => {
  const redact = (values: readonly string[], text: string) => {
    const redactor = createRedactor();
    for (const value of values) redactor.add(value);
    return redactor.redact(text);
  };

  test('masks plain, in JSON and in a URL', () => {
    const value = 'pä"ss\\w/ö rd';
    expect(redact([value], `${value} ${JSON.stringify({ value })} ?p=${encodeURIComponent(value)}`)).toBe(
      '*** {"value":"***"} ?p=***',
    );
  });

  test('takes no value under 4 characters, and no white space around one', () => {
    expect(redact(['abc', '  ab\n', '   '], 'abc ab    ')).toBe('abc ab    ');
    expect(redact(['  abcd\n'], 'xabcdx')).toBe('x***x');
  });

  test('of a value inside of another, nothing stays', () => {
    expect(redact(['token', 'my-token-2', '(a|b).*'], 'my-token-2 token (a|b).*')).toBe('*** *** ***');
  });

  test('lone surrogates do no harm', () => {
    expect(redact(['ab\ud800cd'], 'x ab\ud800cd y')).toBe('x *** y');
  });

  test('remembers the thousand last seen', () => {
    const redactor = createRedactor();
    redactor.add('secret-first');
    redactor.add('secret-second');
    redactor.add('secret-first');
    for (let index = 0; index < 999; index++) redactor.add(`filler-${index}-`);
    expect(redactor.redact('secret-first secret-second')).toBe('*** secret-second');
  });
});

describe('in an agent', () => {
  const SECRETS = { token: 'S3CR3T-token-1', rotated: 'S3CR3T-token-2', fallback: 'S3CR3T-default' };
  const info: Partial<PluginInfo> = {
    configParams: [
      { key: 'token', type: 'string', required: true, description: 'Key', isSecret: true },
      {
        key: 'other',
        type: 'string',
        required: false,
        description: 'Key',
        isSecret: true,
        default: SECRETS.fallback,
      },
      { key: 'url', type: 'string', required: true, description: 'Address' },
    ],
  };
  const lines: string[] = [];
  let engine: RawServer;
  let agent: RunningAgent;
  let client: WireClient<'PluginService'>;
  const log = createLogger((line) => lines.push(line));
  const plugin = createSamplePlugin({
    info,
    execute: async ({ engineClient, params }) => {
      const { token, url } = await engineClient.getConfig();
      log.error(`used ${token}`, { url: url as string, token: token as string });
      throw new Error(`401 for ${token} at ${url}, not ${SECRETS.fallback} ${params.text ?? ''}`);
    },
  });
  plugin.configUpdated = ({ token }) => {
    throw new Error(`cannot use ${token}`);
  };

  beforeEach(async () => {
    lines.length = 0;
    engine = await serveRaw(({ path }) =>
      path.endsWith('GetConfig')
        ? { body: JSON.stringify({ config: { token: SECRETS.token, url: 'http://plain.example' } }) }
        : { body: '{"success":true}' },
    );
    const env = {
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: '824a1531-d24a-549c-8003-23b0f2d206cd',
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
    };
    agent = await startAgent(plugin, { env, log });
    client = createClient({
      service: 'PluginService',
      address: `127.0.0.1:${agent.port}`,
      keepalive: false,
    });
  });
  afterEach(async () => {
    client.close();
    await agent.stop();
    await engine.close();
  });

  test('no error text and no log line holds one, and what is no secret stays', async () => {
    expect(await client.call('Execute', { action_id: 'echo' })).toMatchObject({
      success: false,
      error: '401 for *** at http://plain.example, not *** ',
    });
    plugin.unhealthy = new Error(`refused: ${SECRETS.token}`);
    expect(await client.call('HealthCheck', {})).toMatchObject({ healthy: false, message: 'refused: ***' });
    const config = { token: SECRETS.rotated };
    expect(await client.call('ConfigUpdated', { config, version: 2 })).toEqual({
      acknowledged: false,
      error: 'cannot use ***',
    });
    await expect(client.call('Execute', { action_id: SECRETS.rotated })).rejects.toThrow(
      'unknown action "***": this agent offers echo, restart',
    );
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ message: 'used ***', token: '***', url: 'http://plain.example' }),
    );
    expect(lines.join('')).not.toContain('S3CR3T');
  });

  test('nor does the text of a status that the plugin throws', async () => {
    const { info: getInfo, schema } = plugin;
    const throwing = () => {
      throw new WireError('UNAVAILABLE', `no route with ${SECRETS.fallback}`);
    };
    try {
      plugin.schema = throwing;
      await expect(client.call('GetSchema', {})).rejects.toThrow('no route with ***');
      plugin.info = throwing;
      await expect(client.call('Info', {})).rejects.toThrow('no route with ***');
      await expect(client.call('Execute', { action_id: 'echo' })).rejects.toThrow('no route with ***');
    } finally {
      Object.assign(plugin, { info: getInfo, schema });
    }
  });
});
