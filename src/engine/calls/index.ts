export { approvalCalls } from './approvals.ts';
export { bounded } from './bounds.ts';
export { cacheCalls } from './cache.ts';
export { lifecycleCalls } from './lifecycle.ts';
export { pluginCalls } from './plugins.ts';
export { readingCalls } from './readings.ts';
export { reportCalls } from './reports.ts';
