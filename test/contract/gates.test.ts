import { describe, expect, test } from 'vitest';
import { checkGates, formatGateFailure, type PluginInfo } from '../../src/contract/index.ts';
import { SAMPLE_INFO } from '../support/sample-plugin.ts';

/** Info as JavaScript, or a peer, may hand it over: anything may be missing. */
const broken = (change: Record<string, unknown>): PluginInfo => ({ ...SAMPLE_INFO, ...change }) as PluginInfo;
const [echo] = SAMPLE_INFO.actions;

test('an agent that breaks none has no violation', () => {
  expect(checkGates(SAMPLE_INFO)).toEqual([]);
});

test('all of them at once, in the order of design.md', () => {
  const info = {
    name: '',
    version: '',
    description: ' \n',
    devopsStages: [],
    actions: [
      { id: '', description: '', stages: [] },
      { ...echo, id: 'a' },
      {
        ...echo,
        id: 'a',
        description: ' ',
        permission: undefined,
        stages: [],
        routing: { schemaVersion: 'v1' },
      },
    ],
    configParams: [
      { key: '', description: '' },
      { key: 'url', description: ' ' },
    ],
  } as unknown as PluginInfo;
  expect(checkGates(info)).toEqual([
    'name must not be empty',
    'version must not be empty',
    'description must not be empty (whitespace-only is not allowed)',
    'permission must be explicitly set (READ, MODIFY or ADMIN)',
    'at least one DevOps stage must be declared',
    'action[0]: id must not be empty',
    'action[2] (a): id must be unique, action[1] has it already',
    'action[2] (a): description must not be empty (whitespace-only is not allowed)',
    'action[2] (a): permission must be explicitly set (READ, MODIFY or ADMIN)',
    'action[2] (a): at least one DevOps stage must be declared',
    'action[2] (a): invalid routing semantics: unsupported routing schema_version "v1"',
    'config_param[0]: key must not be empty',
    'config_param[1] (url): description must not be empty',
  ]);
});

describe('single gates', () => {
  test.each([
    [{ actions: [] }, 'at least one action must be declared'],
    [{ actions: undefined }, 'at least one action must be declared'],
    [{ permission: undefined }, 'permission must be explicitly set (READ, MODIFY or ADMIN)'],
  ])('%j', (change, violation) => {
    expect(checkGates(broken(change))).toEqual([violation]);
  });

  test('WRITE counts as set', () => {
    expect(checkGates(broken({ permission: 'WRITE' }))).toEqual([]);
  });
});

test('the text has the headline of the guide and one indented line each', () => {
  expect(formatGateFailure(['a', 'b'])).toBe('FATAL: plugin quality gate failed:\n  - a\n  - b');
});
