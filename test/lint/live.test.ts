import { describe, expect, it } from 'vitest';
import type { Action, PluginInfo } from '../../src/contract/index.ts';
import { type LiveFacts, RULES } from '../../src/lint/index.ts';
import { GOOD_AGENTS, LANGUAGE_IDS, type LintOptions, lintFiles, shortLines } from './agents.ts';

const ROUTING = {
  schemaVersion: 'mirastack.routing_semantics/v1',
  acceptedIntentDomains: ['fleet.trucks'],
  capabilityDomain: 'fleet.trucks.any',
  positiveUseCases: ['Say where a delivery is.'],
};

const action = (more: Partial<Action> = {}): Action => ({
  id: 'locate_truck',
  description: 'Tell where one truck is, by its licence plate. Use this when someone waits for a delivery.',
  permission: 'READ',
  stages: ['observe'],
  intents: [{ pattern: 'where is the truck', priority: 6 }],
  inputParams: [{ name: 'plate', type: 'string', required: true, description: 'Licence plate' }],
  outputParams: [],
  routing: ROUTING,
  ...more,
});

const info = (more: Partial<PluginInfo> = {}): PluginInfo => ({
  name: 'truckwatch',
  version: '0.4.2',
  description: 'Follows the trucks of a depot',
  permission: 'READ',
  devopsStages: ['operate'],
  actions: [action()],
  configParams: [
    { key: 'depot_url', type: 'string', required: false, description: 'Where the depot answers' },
  ],
  ...more,
});

/** A truckwatch that answered everything well. */
const live = (more: Partial<LiveFacts> = {}): LiveFacts => ({
  info: info(),
  schema: { actions: [action()] },
  health: { healthy: true, message: 'ok' },
  healthWithoutBackend: { healthy: false, message: 'connection refused' },
  ...more,
});

const lintGo = (options: LintOptions) => lintFiles('go', GOOD_AGENTS.go, options);

describe('the running agent', () => {
  it('that answers well leaves nothing open', async () => {
    const report = await lintGo({ live: live() });
    expect(shortLines(report)).toEqual([]);
    expect(report.summary).toEqual({ errors: 0, warnings: 0, notChecked: 0 });
  });

  it.each([
    [
      'schema-matches-info',
      { schema: { actions: [action({ description: 'Tell where one truck is. Use this when you wait.' })] } },
      'describe the action locate_truck differently',
    ],
    ['schema-matches-info', { schema: { actions: [] } }, 'Info has the action locate_truck, Schema has not'],
    [
      'schema-matches-info',
      { schema: { actions: [action(), action({ id: 'other' })] } },
      'Schema has the action other, Info has not',
    ],
    [
      'health-check-live',
      { healthWithoutBackend: { healthy: true, message: 'ok' } },
      'TRUCKWATCH_DEPOT_URL pointed at a port',
    ],
    ['agent-executable', { notExecutable: 'its SDK answers GetSchema with INTERNAL' }, 'INTERNAL'],
    [
      'agent-starts',
      { info: undefined, startFailure: { message: 'it exited with code 1', lines: [] } },
      'it exited with code 1',
    ],
    [
      'agent-starts',
      {
        info: undefined,
        startFailure: {
          message: 'it exited',
          lines: ['FATAL: plugin quality gate failed:', '  - version must not be empty'],
        },
      },
      'version must not be empty',
    ],
    [
      'param-type',
      {
        info: info({
          actions: [
            action({
              inputParams: [
                { name: 'plate', type: 'text' as 'string', required: true, description: 'Plate' },
              ],
            }),
          ],
        }),
      },
      'unknown type "text"',
    ],
    ['agent-version', { info: info({ version: 'dev' }) }, '"dev" is no semantic version'],
  ] as const)('%s is told of', async (rule, more, message) => {
    const facts = { ...live(), ...more } as LiveFacts;
    const schema =
      'schema' in more || facts.info === undefined ? facts.schema : { actions: facts.info.actions };
    const report = await lintGo({ live: { ...facts, ...(schema === undefined ? {} : { schema }) } });
    expect(
      report.violations.filter((violation) => violation.rule === rule).map((violation) => violation.message),
    ).toEqual([expect.stringContaining(message)]);
    expect(report.violations.map((violation) => violation.rule)).toEqual([rule]);
  });

  it('cannot hide in Go that the source forgot a permission', async () => {
    const files = {
      ...GOOD_AGENTS.go,
      'actions.go': String(GOOD_AGENTS.go['actions.go']).replace(
        '		Permission:  sdk.PermissionRead,\n',
        '',
      ),
    };
    const report = await lintFiles('go', files, { live: live() });
    expect(shortLines(report)).toEqual([
      'actions.go:20 permission-explicit: action[0] (locate_truck): permission must be explicitly set (READ, MODIFY or ADMIN)',
    ]);
  });

  it.each(LANGUAGE_IDS)('is what the live rules wait for in %s', async (language) => {
    const report = await lintFiles(language, GOOD_AGENTS[language]);
    const open = report.rules.filter(({ status }) => status === 'not-checked').map(({ id }) => id);
    const compared = ['version-bump', 'permission-widened'];
    expect(open).toEqual(
      RULES.filter(({ id, isLive }) => isLive && !compared.includes(id)).map(({ id }) => id),
    );
  });
});

describe('the agent at another revision', () => {
  const previous = (more: Partial<PluginInfo>, allowsWider = false) => ({
    ref: 'v0.4',
    info: info(more),
    allowsWider,
  });
  const rulesOf = async (options: LintOptions) =>
    (await lintGo({ live: live(), ...options })).violations.map(({ rule }) => rule);

  it.each([
    ['the same under the same version', {}, []],
    [
      'an action was taken away',
      {
        actions: [
          action(),
          action({
            id: 'gone',
            description: 'Park one truck at a depot for the night. Use this when nobody needs it.',
          }),
        ],
      },
      ['version-bump'],
    ],
    ['an action is new', { actions: [] }, ['version-bump']],
    ['an action is new under a larger version', { version: '0.4.1', actions: [] }, []],
    ['words changed and the version did not', { description: 'Follows trucks' }, ['version-bump']],
    ['words changed, and the last number', { description: 'Follows trucks', version: '0.4.1' }, []],
  ] as const)('%s', async (name, more, expected) => {
    const found = await rulesOf({ before: previous(more as Partial<PluginInfo>) });
    // That one went and one came is two changes, of which the one that breaks counts.
    expect([name, [...new Set(found)]]).toEqual([name, [...new Set(expected as readonly string[])]]);
  });

  it('had less permission', async () => {
    const now = { live: live({ info: info({ version: '0.5.0', permission: 'ADMIN' }) }) };
    expect(await rulesOf({ ...now, before: previous({}) })).toEqual(['permission-widened']);
    expect(await rulesOf({ ...now, before: previous({}, true) })).toEqual([]);
  });

  it('could not be asked', async () => {
    const report = await lintGo({
      live: live(),
      before: { ref: 'v0.4', reason: 'it does not build', allowsWider: false },
    });
    expect(report.rules.filter(({ id }) => id === 'version-bump')).toEqual([
      {
        id: 'version-bump',
        status: 'not-checked',
        reason: 'the agent at v0.4 could not be asked: it does not build',
      },
    ]);
  });
});
