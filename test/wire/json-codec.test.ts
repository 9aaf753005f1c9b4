import { describe, expect, test } from 'vitest';
import { decodeJson, encodeJson } from '../../src/wire/json-codec.ts';
import { WireError } from '../../src/wire/status.ts';

const decode = (name: Parameters<typeof decodeJson>[0], text: string) =>
  decodeJson(name, Buffer.from(text, 'utf8'), 'go');

/** The message of the INVALID_ARGUMENT that decoding ends with. */
function refusal(name: Parameters<typeof decodeJson>[0], body: string | Uint8Array): string {
  try {
    decodeJson(name, typeof body === 'string' ? Buffer.from(body, 'utf8') : body, 'go');
  } catch (error) {
    if (error instanceof WireError && error.status === 'INVALID_ARGUMENT') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('bad input names the field', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  test.each([
    ['RegisterPluginRequest', '{"name":1}', 'name: expected a string, got 1'],
    [
      'RegisterPluginRequest',
      '{"plugin_type":"AGENT"}',
      'plugin_type: expected a 32-bit integer, got the string "AGENT"',
    ],
    [
      'InfoResponse',
      '{"devops_stages":[8,"x"]}',
      'devops_stages[1]: expected a 32-bit integer, got the string "x"',
    ],
    [
      'InfoResponse',
      '{"actions":[{"intents":[{"priority":1.5}]}]}',
      'actions[0].intents[0].priority: expected a 32-bit integer, got 1.5',
    ],
    ['InfoResponse', '{"metadata":{"a":1}}', 'metadata.a: expected a string, got 1'],
    ['InfoResponse', '{"actions":{}}', 'actions: expected an array, got an object'],
    ['HealthCheckResponse', '{"healthy":"true"}', 'healthy: expected true or false, got the string "true"'],
    ['ExecuteResponse', '{"duration_ms":1.5}', 'duration_ms: expected a 64-bit integer, got 1.5'],
    ['ExecuteResponse', '{"duration_ms":"1"}', 'duration_ms: expected a 64-bit integer, got the string "1"'],
    [
      'ExecuteResponse',
      '{"duration_ms":9223372036854775808}',
      'duration_ms: expected a 64-bit integer, got 9223372036854775808',
    ],
    ['CacheSetRequest', '{"value":"no base64!"}', 'value: expected padded base64'],
    ['CacheSetRequest', '{"value":"-_-_"}', 'value: expected padded base64'],
    ['ExecuteRequest', '{"params_json":"{not json"}', 'params_json: expected base64 or JSON text'],
    ['ExecuteRequest', '{"time_range":[]}', 'time_range: expected an object, got an array'],
    ['InfoRequest', '[]', 'InfoRequest: expected an object, got an array'],
    ['InfoRequest', '', 'InfoRequest: empty body, expected a JSON object'],
    ['InfoRequest', `{"unknown":${nested(100_000)}}`, 'InfoRequest: JSON nests deeper than 100'],
    [
      'ExecuteRequest',
      JSON.stringify({ params_json: nested(100_000) }),
      'params_json: JSON nests deeper than 100',
    ],
    [
      'ExecuteRequest',
      JSON.stringify({ params_json: Buffer.from(nested(200)).toString('base64') }),
      'params_json: JSON nests deeper than 100',
    ],
  ] as const)('%s %.60s', (name, text, message) => {
    expect(refusal(name, text)).toBe(message);
  });

  test('malformed JSON and invalid UTF-8', () => {
    expect(refusal('InfoRequest', '{')).toMatch(/^InfoRequest: malformed JSON: /);
    expect(refusal('InfoRequest', '\ufeff{}')).toMatch(/^InfoRequest: malformed JSON: /);
    expect(refusal('InfoRequest', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe(
      'InfoRequest: not valid UTF-8',
    );
  });
});

describe('values', () => {
  test('integers beyond 2^53 are exact both ways', () => {
    const text = '{"config":{},"version":9223372036854775807,"config_json":"12345678901234567890"}';
    const message = decode('GetConfigResponse', text);
    expect(message).toMatchObject({ version: 9223372036854775807n, config_json: '12345678901234567890' });
    expect(encodeJson('GetConfigResponse', message as never, 'go').toString()).toBe(text);
  });

  test.each([...Array(17).keys()])('and wherever in the text they begin: %i further', (places) => {
    const message = decode('GetConfigResponse', `{${' '.repeat(places)}"version":-9007199254740993}`);
    expect(message).toMatchObject({ version: -9007199254740993n });
  });

  test('a text that looks like one inside is a text', () => {
    const text = '{"key":"\\u0000int64:5"}';
    expect(encodeJson('CacheGetRequest', { key: '\u0000int64:5' }, 'go').toString()).toContain(
      text.slice(0, -1),
    );
  });

  test('long digits elsewhere are not taken for integers', () => {
    const text = `{"f":0.1234567890123456,"e":1e25,"s":"1234567890123456789\\\\\\"","n":-12345678901234567890}`;
    const message = decodeJson('ExecuteResponse', Buffer.from(`{"result_json":${text}}`), 'go');
    expect(Buffer.from(message.result_json).toString()).toBe(text.replace('1e25', '1e+25'));
  });

  test('a hostile key stays data', () => {
    const message = decode(
      'ConfigUpdatedRequest',
      '{"config":{"__proto__":"x","constructor":"y"},"__proto__":{"version":9}}',
    );
    expect(Object.entries((message as { config: object }).config)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(message).toMatchObject({ version: 0 });
    expect(({} as Record<string, unknown>).version).toBeUndefined();
  });

  test('an unset optional key is left out, an empty list without the mark is not', () => {
    const info = JSON.parse(encodeJson('InfoResponse', { name: 'a' }, 'go').toString());
    expect(Object.keys(info)).toEqual([
      'name',
      'version',
      'description',
      'type',
      'permission',
      'devops_stages',
      'default_intents',
      'metadata',
      'instance_id',
    ]);
    expect(encodeJson('InfoRequest', {}, 'go').toString()).toBe('{}');
    expect(encodeJson('TimeRange', { start_epoch_ms: 1, end_epoch_ms: 2 }, 'go').toString()).toBe(
      '{"start_epoch_ms":1,"end_epoch_ms":2}',
    );
  });

  test('a list of vectors is a list of lists', () => {
    const text = '{"vectors":[[1,0.5],[]],"model":"m","dimensions":2,"error":""}';
    expect(encodeJson('EmbedResponse', decode('EmbedResponse', text) as never, 'go').toString()).toBe(text);
  });

  test('bytes follow the habit of the peer', () => {
    const binary = Buffer.from([0x76, 0x00, 0xff]);
    const fromGo = decodeJson('CacheSetRequest', Buffer.from('{"value":"dgD/"}'), 'go');
    expect(Buffer.from(fromGo.value)).toEqual(binary);
    const fromPython = decodeJson('CacheSetRequest', Buffer.from('{"value":"test"}'), 'python');
    expect(Buffer.from(fromPython.value).toString()).toBe('test');
    expect(
      encodeJson('CacheGetResponse', { value: Buffer.from('vé'), found: true }, 'python').toString(),
    ).toBe('{"value":"vé","found":true}');
    expect(encodeJson('CacheGetResponse', { value: binary, found: true }, 'go').toString()).toBe(
      '{"value":"dgD/","found":true}',
    );
  });

  test.each([
    ['base64 of JSON', '"eyJhIjoxfQ=="', '{"a":1}'],
    ['JSON text', '"{\\"a\\": 1}"', '{"a": 1}'],
    ['a JSON value in place', '{"a":12345678901234567}', '{"a":12345678901234567}'],
    ['an array of byte numbers', '[123,125]', '{}'],
    ['null', 'null', ''],
    ['base64 that is no JSON', '"dgD/"', 'v\u0000\ufffd'],
    ['a JSON word that is base64 too', '"true"', 'true'],
    ['a JSON number that is base64 too', '"12345678"', '12345678'],
    ['digits that are base64 and no JSON', '"0000"', '\ufffdM4'],
  ])('JSON bytes sent as %s', (_how, sent, expected) => {
    const message = decodeJson('ExecuteResponse', Buffer.from(`{"result_json":${sent}}`), 'unknown');
    expect(Buffer.from(message.result_json).toString('utf8')).toBe(expected);
  });
});
