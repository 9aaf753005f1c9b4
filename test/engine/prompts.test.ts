import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PromptTemplate } from '../../src/contract/index.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { startLab } from './support.ts';

const withTemplates = (...promptTemplates: PromptTemplate[]) =>
  createSamplePlugin({ info: { promptTemplates } });
const guide = (content: string, name = 'my_agent_guide'): PromptTemplate => ({
  name,
  description: 'Guide',
  content,
});

describe('templates of an agent', () => {
  test('are stored as version 1 with their source, beside those of the engine', async () => {
    const lab = await startLab();
    await lab.launch(withTemplates(guide('Use {{.service}}.')));
    expect(lab.engine.prompt('my_agent_guide')).toEqual({
      name: 'my_agent_guide',
      version: 1,
      path: '/mirastack/prompts/default/my_agent_guide/v1',
      source: 'agent:my_agent',
      description: 'Guide',
      content: 'Use {{.service}}.',
      bytes: 17,
    });
    expect(lab.engine.prompts().filter((prompt) => prompt.source === 'engine').length).toBeGreaterThan(1);
    expect(lab.of('warning')).toEqual([]);
  });

  test.each([
    [
      guide('one\n{{if .x}}'),
      'my_agent: template my_agent_guide is refused: template: my_agent_guide:2: unexpected EOF (column 10)',
    ],
    [
      guide('x', 'chat_system'),
      'my_agent: template chat_system is refused: the engine owns the template of this name',
    ],
    [guide('x', '../escape'), expect.stringContaining('template "../escape" is refused: a name is')],
    [guide('x'.repeat(70_000)), expect.stringContaining('70000 bytes, and at most 65536 are taken')],
  ])('a bad one is refused alone: the agent registers, and its others are there', async (bad, message) => {
    const lab = await startLab();
    await lab.launch(withTemplates(bad, guide('fine', 'my_agent_other')));
    expect(lab.of('warning').map((event) => event.message)).toEqual([message]);
    expect(lab.engine.prompt('my_agent_other').content).toBe('fine');
    expect(lab.engine.agents()).toHaveLength(1);
  });

  test('a large one is taken with a warning', async () => {
    const lab = await startLab();
    await lab.launch(withTemplates(guide('x'.repeat(2_049))));
    expect(lab.of('warning').map((event) => event.message)).toEqual([
      'my_agent: template my_agent_guide is 2049 bytes; the guide advises at most 2048',
    ]);
    expect(lab.engine.prompt('my_agent_guide').bytes).toBe(2_049);
  });

  test('a name that is taken is skipped, whoever comes second', async () => {
    const lab = await startLab();
    await lab.launch(withTemplates(guide('mine', 'shared')));
    const second = createSamplePlugin({
      info: { name: 'second_agent', promptTemplates: [guide('theirs', 'shared')] },
    });
    await lab.launch(second);
    expect(lab.engine.prompt('shared')).toMatchObject({ content: 'mine', source: 'agent:my_agent' });
    expect(lab.of('warning').at(-1)?.message).toContain('it came from agent:my_agent already');
  });
});

test('an operator\u2019s version survives a new registration and a restart of the engine', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'mirastack-prompts-'));
  try {
    const first = await startLab({ stateDirectory });
    const agent = await first.launch(withTemplates(guide('v1 {{.a}}')));
    expect(await first.engine.setPrompt('my_agent_guide', 'v2 {{.b}}')).toMatchObject({
      version: 2,
      source: 'operator',
      path: '/mirastack/prompts/default/my_agent_guide/v2',
    });
    await agent.stop();
    await first.launch(withTemplates(guide('changed by its author')));
    expect(first.engine.prompt('my_agent_guide')).toMatchObject({ version: 2, content: 'v2 {{.b}}' });
    expect(first.engine.prompt('my_agent_guide', 1).content).toBe('v1 {{.a}}');
    await first.stop();
    const second = await startLab({ stateDirectory });
    expect(second.engine.prompt('my_agent_guide').content).toBe('v2 {{.b}}');
    await second.launch(withTemplates(guide('v1 again')));
    expect(second.engine.prompt('my_agent_guide').content).toBe('v2 {{.b}}');
    expect(second.engine.prompt('my_agent_guide', 1).content).toBe('v1 again');
    await second.stop();
  } finally {
    rmSync(stateDirectory, { recursive: true, force: true });
  }
});

test('what is no template cannot be set, and what is unknown is named', async () => {
  const lab = await startLab();
  await lab.launch(withTemplates(guide('fine')));
  await expect(lab.engine.setPrompt('my_agent_guide', 'a {{nope}}')).rejects.toMatchObject({
    kind: 'usage',
    code: 'bad-template',
    message: expect.stringMatching(/function "nope" not defined.*line 1, column 5/),
  });
  expect(lab.engine.prompt('my_agent_guide').version).toBe(1);
  await expect(lab.engine.setPrompt('nobody', 'x')).rejects.toMatchObject({ code: 'unknown-prompt' });
  expect(() => lab.engine.prompt('my_agent_guide', 7)).toThrow('has no version 7');
});

test('a preview renders with data', async () => {
  const lab = await startLab();
  await lab.launch(withTemplates(guide('{{range .items}}[{{.name}}]{{end}}')));
  expect(lab.engine.renderPrompt('my_agent_guide', { items: [{ name: 'a' }, { name: 'b' }] })).toBe('[a][b]');
  await expect(async () => lab.engine.renderPrompt('my_agent_guide', { items: 5.5 })).rejects.toMatchObject({
    code: 'not-rendered',
  });
});
