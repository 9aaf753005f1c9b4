// An agent on our runtime with one action, whose result has the size asked for.
import { defineAction, definePlugin, serve } from 'create-mirastack-agent';
import { resultOf } from './result.mjs';

if (process.send) await import('./usage.mjs');

await serve(
  definePlugin({
    name: 'bench_agent',
    version: '1.0.0',
    description: 'Answers with results of a given size',
    permission: 'READ',
    devopsStages: ['observe'],
    actions: [
      defineAction({
        id: 'list_items',
        description: 'List items. Use this when you measure how fast an agent answers.',
        permission: 'READ',
        stages: ['observe'],
        params: { size: { type: 'number', required: true, description: 'Bytes of the result' } },
        handle: ({ size }) => resultOf(size),
      }),
    ],
    healthCheck: () => undefined,
  }),
);
