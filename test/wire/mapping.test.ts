import { expect, test } from 'vitest';
import {
  EXECUTION_MODES,
  PERMISSIONS,
  type PluginInfo,
  ROUTING_SCHEMA_VERSION,
  STAGES,
} from '../../src/contract/index.ts';
import {
  infoFromMessage,
  infoToMessage,
  modeCodec,
  permissionCodec,
  stageCodec,
} from '../../src/wire/index.ts';
import { decodeJson, encodeJson } from '../../src/wire/json-codec.ts';

const info: PluginInfo = {
  name: 'my_agent',
  version: '1.0.0',
  description: 'Reads items',
  permission: 'READ',
  devopsStages: ['observe'],
  intents: [{ pattern: 'list items', priority: 7, description: 'd' }],
  promptTemplates: [{ name: 'guide', description: 'd', content: '{{.Data}}' }],
  configParams: [
    { key: 'url', type: 'string', required: true, default: 'x', description: 'd', isSecret: true },
  ],
  actions: [
    {
      id: 'get_item',
      description: 'Get one item',
      permission: 'ADMIN',
      stages: ['observe', 'plan'],
      intents: [{ pattern: 'get' }],
      inputParams: [{ name: 'id', type: 'string', required: true, description: 'The id' }],
      outputParams: [],
    },
  ],
};

test('the numbers of the wire are the index plus one, and unknown ones are unset', () => {
  for (const [codec, words] of [
    [permissionCodec, PERMISSIONS],
    [stageCodec, STAGES],
    [modeCodec, EXECUTION_MODES],
  ] as const)
    for (const [index, word] of words.entries()) {
      const { toWire, fromWire } = codec as {
        toWire(word: string): number;
        fromWire(number: number): string | undefined;
      };
      expect(toWire(word)).toBe(index + 1);
      expect(fromWire(index + 1)).toBe(word);
    }
  expect([
    permissionCodec.fromWire(0),
    permissionCodec.fromWire(9),
    permissionCodec.toWire(undefined),
  ]).toEqual([undefined, undefined, 0]);
  expect([permissionCodec.toWire('WRITE'), stageCodec.toWire('observe'), modeCodec.toWire('GUIDED')]).toEqual(
    [4, 8, 2],
  );
});

test('an info survives the wire, with routing derived where it was left out', () => {
  const body = encodeJson('InfoResponse', infoToMessage(info, 'i-1'), 'go');
  const json = JSON.parse(body.toString());
  expect(json).toMatchObject({ type: 1, permission: 1, devops_stages: [8], instance_id: 'i-1' });
  expect(json.default_intents).toEqual([
    { pattern: 'list items', confidence: 0.7, description: 'd', priority: 7 },
  ]);
  expect(Buffer.from(json.actions[0].input_params, 'base64').toString()).toBe(
    '[{"Name":"id","Type":"string","Required":true,"Description":"The id"}]',
  );
  expect(json.actions[0]).not.toHaveProperty('output_params');
  const back = infoFromMessage(decodeJson('InfoResponse', body, 'go'));
  const [action] = info.actions;
  expect(back).toEqual({
    ...info,
    actions: [
      {
        ...action,
        intents: [{ pattern: 'get', priority: 0 }],
        routing: {
          schemaVersion: ROUTING_SCHEMA_VERSION,
          acceptedIntentDomains: ['my_agent.observe'],
          capabilityDomain: 'my_agent.observe.get_item',
          positiveUseCases: ['Get one item'],
          negativeUseCases: [],
          signalDomains: [],
          backendDomains: [],
          entityTypes: [],
        },
      },
    ],
  });
});
