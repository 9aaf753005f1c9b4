/** What people say about time, as absolute milliseconds: agents never parse time. */
export { parseTimeExpression, type TimeExpressionOptions, type TimeExpressionResult } from './expression.ts';
export { makeTimeRange, type TimeFlags } from './flags.ts';
