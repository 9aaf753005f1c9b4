import { expect, test } from 'vitest';
import { readableLogLine } from '../../src/cli/log-line.ts';

test.each([
  [
    '{"time":"2026-11-22T21:40:11.183Z","level":"info","message":"registration registered","plugin_id":"plg_1","attempt":2}',
    'INFO registration registered plugin_id=plg_1 attempt=2',
  ],
  [
    '{"level":"warn","ts":1.5,"caller":"a.go:1","msg":"plugin registration pending","error":"x"}',
    'WARN plugin registration pending error=x',
  ],
  ['{"result": 1}', '{"result": 1}'],
  ['{"level":"info","message":', '{"level":"info","message":'],
  ['plain text', 'plain text'],
])('%s', (line, readable) => {
  expect(readableLogLine(line)).toBe(readable);
});
