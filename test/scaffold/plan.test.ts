import { describe, expect, it } from 'vitest';
import { createPlan } from '../../src/scaffold/index.ts';
import { textOf } from './project-text.ts';
import { answersWith } from './workspace.ts';

describe('createPlan', () => {
  it('has the documented layout, and the rest in folders and dot files', async () => {
    const plan = await createPlan(answersWith());
    expect(plan.projectName).toBe('mirastack-plugin-my-agent');
    expect(plan.files.map((file) => file.path)).toEqual([
      '.biome.json',
      '.dockerignore',
      '.env.example',
      '.github/workflows/ci.yml',
      '.gitignore',
      '.mirastack/.gitignore',
      '.mirastack/blueprint.json',
      '.npmrc',
      '.vscode/launch.json',
      '.vscode/tasks.json',
      'AGENTS.md',
      'Dockerfile',
      'LICENSE',
      'README.md',
      'actions.ts',
      'client.ts',
      'config/rolldown.config.js',
      'config/rolldown.test.config.js',
      'dev/backend.mjs',
      'dev/items.mjs',
      'lib/action-error.ts',
      'lib/project-folder.ts',
      'main.ts',
      'mirastack.config.json',
      'package.json',
      'plugin.ts',
      'templates/my_agent_guide.tmpl',
      'test/backend.ts',
      'test/client.test.ts',
      'test/engine.ts',
      'test/integration.test.ts',
      'test/plugin.test.ts',
      'tsconfig.json',
    ]);
  });

  it('is the same bytes for the same answers', async () => {
    const given = { name: 'logs', description: 'a {{x}} "b"', actions: ['top:x'], permission: 'admin' };
    expect(await createPlan(answersWith(given))).toEqual(await createPlan(answersWith(given)));
  });

  it('records what the project was made from', async () => {
    const answers = answersWith({ toolkit: 'file:/tmp/toolkit.tgz', year: 2001 });
    const plan = await createPlan(answers);
    expect(JSON.parse(textOf(plan, '.mirastack/blueprint.json'))).toMatchObject({
      blueprint: 'typescript/agent',
      answers,
    });
    expect(JSON.parse(textOf(plan, 'package.json'))).toMatchObject({
      name: 'mirastack-plugin-my-agent',
      license: 'AGPL-3.0-only',
      dependencies: { 'create-mirastack-agent': 'file:/tmp/toolkit.tgz' },
    });
  });

  it('names the backend by the variable of the agent', async () => {
    const config = async (backend: string) => {
      const plan = await createPlan(answersWith({ name: 'logs_v2', backend, backendFamily: 'logs' }));
      return JSON.parse(textOf(plan, 'mirastack.config.json')) as unknown;
    };
    const command = ['node', 'dev/backend.mjs', '--port', '{port}'];
    expect(await config('http')).toEqual({
      dev: { backend: { command, env: { LOGS_V2_BACKEND_URL: 'http://127.0.0.1:{port}' } } },
      backendVariables: ['LOGS_V2_BACKEND_URL'],
      backendFamily: 'logs',
    });
    expect(await config('grpc')).toEqual({
      dev: { backend: { command, env: { LOGS_V2_BACKEND_ADDR: '127.0.0.1:{port}' } } },
      backendVariables: ['LOGS_V2_BACKEND_ADDR'],
      backendFamily: 'logs',
    });
    expect(await config('none')).toEqual({ backendFamily: 'logs' });
  });

  it.each([
    ['agpl-3.0', /^Copyright \(C\) 2026 Acme\n\nGNU AFFERO GENERAL PUBLIC LICENSE\n/, 'AGPL-3.0-only'],
    ['apache-2.0', /\nCopyright 2026 Acme\n/, 'Apache-2.0'],
    ['mit', /^MIT License\n\nCopyright \(c\) 2026 Acme\n/, 'MIT'],
    ['proprietary', /^Copyright \(C\) 2026 Acme\n\nAll rights reserved\.\n/, 'SEE LICENSE IN LICENSE'],
  ])('has the text of the licence %s, with year and right holder', async (license, text, inManifest) => {
    const plan = await createPlan(answersWith({ license, org: 'Acme' }));
    expect(textOf(plan, 'LICENSE')).toMatch(text);
    expect(JSON.parse(textOf(plan, 'package.json'))).toMatchObject({ license: inManifest });
    expect(textOf(plan, 'README.md')).toContain('Copyright (C) 2026 Acme.');
  });

  it.each([
    ['npm', 'npm install\nnpm run dev', 'npx --no-install mirastack-agent', 'npm ci'],
    ['pnpm', 'pnpm install\npnpm run dev', 'pnpm exec mirastack-agent', 'pnpm install --frozen-lockfile'],
    ['yarn', 'yarn install\nyarn run dev', 'yarn run mirastack-agent', 'yarn install --frozen-lockfile'],
    ['bun', 'bun install\nbun run dev', 'bunx --no-install mirastack-agent', 'bun install --frozen-lockfile'],
  ])('speaks of %s alone where that is the tool', async (packageManager, readme, toolkit, ci) => {
    const plan = await createPlan(answersWith({ packageManager }));
    expect(textOf(plan, 'README.md')).toContain(`\`\`\`sh\n${readme}\n\`\`\``);
    expect(textOf(plan, '.github/workflows/ci.yml')).toContain(`- run: ${ci}\n`);
    expect(textOf(plan, 'AGENTS.md')).toContain(`\`${toolkit}\``);
    expect(textOf(plan, 'Dockerfile')).toContain(`RUN ${ci}`);
    const lint = `${packageManager} run lint\n`;
    for (const file of ['AGENTS.md', '.github/workflows/ci.yml']) expect(textOf(plan, file)).toContain(lint);
  });

  it.each([
    ['metrics', 'formatEpochSeconds', 'Unix time in seconds'],
    ['logs', 'formatRfc3339', 'an RFC 3339 timestamp'],
    ['traces-jaeger', 'formatEpochMicros', 'Unix time in microseconds'],
    ['traces-victoria', 'formatEpochMicros', 'Unix time in microseconds'],
    ['other', 'formatEpochMillis', 'Unix time in milliseconds'],
  ])('gives times to a backend of the family %s by %s', async (backendFamily, converter, unit) => {
    for (const backend of ['http', 'grpc', 'none']) {
      const plan = await createPlan(answersWith({ backendFamily, backend }));
      expect(textOf(plan, 'actions.ts')).toContain(`start: ${converter}(startEpochMs)`);
      expect(textOf(plan, 'plugin.ts')).toContain(unit);
    }
  });
});
