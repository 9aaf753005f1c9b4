import { describe, expect, it } from 'vitest';
import { agentNameFromFolder, checkAgentName, deriveNames } from '../../src/scaffold/index.ts';

describe('checkAgentName', () => {
  it.each(['my_agent', 'a1', 'k8s', 'a'.repeat(63), 'x__y_'])('takes %s', (name) => {
    expect(checkAgentName(name)).toBeUndefined();
  });

  it.each([
    '',
    'a',
    'My_agent',
    'my-agent',
    '1st',
    '_x',
    '../x',
    '-rf',
    'a/b',
    'a\0b',
    'a b',
    'my_аgent',
    'agent\n',
    'a'.repeat(64),
    '$(touch pwn)',
  ])('states the rule for %j', (name) => {
    expect(checkAgentName(name)).toContain('use 2 to 63 lower-case letters, digits and underscores');
  });

  it.each(['class', 'await', 'func', 'chan', 'lambda', 'def', 'con', 'lpt1', 'main'])(
    'refuses the reserved word %s',
    (name) => {
      expect(checkAgentName(name)).toContain('reserved word');
    },
  );
});

describe('agentNameFromFolder', () => {
  it.each([
    ['my-agent', 'my_agent'],
    ['/home/me/My Agent', 'my_agent'],
    ['mirastack-plugin-my-agent', 'my_agent'],
    ['--logs..v2--', 'logs_v2'],
    ['3scale', 'agent_3scale'],
  ])('%s gives %s', (folder, name) => {
    expect(agentNameFromFolder(folder)).toBe(name);
  });

  it.each(['класс', 'agént', 'x', '/', '---', 'class', 'a'.repeat(64)])('gives no name for %s', (folder) => {
    expect(agentNameFromFolder(folder)).toBeUndefined();
  });
});

describe('deriveNames', () => {
  it('derives every name from the agent', () => {
    expect(deriveNames('my_agent')).toEqual({
      agentName: 'my_agent',
      projectName: 'mirastack-plugin-my-agent',
      className: 'MyAgentPlugin',
      envPrefix: 'MY_AGENT',
    });
  });

  it('gives package names that npm and PyPI take, whatever the underscores', () => {
    expect(deriveNames('a__b_').projectName).toBe('mirastack-plugin-a-b');
    expect(deriveNames('k8s_2').className).toBe('K8s2Plugin');
  });
});
