import {
  type Cell,
  type Channel,
  type Column,
  layoutFields,
  layoutTable,
  type Theme,
} from '../terminal/index.ts';

/** Writes rows in columns, titles first. */
export function printTable(
  channel: Channel,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: { readonly header?: boolean } = {},
): void {
  const { theme } = channel;
  for (const line of layoutTable(columns, rows, { columns: channel.columns, theme, ...options }))
    channel.line(line);
}

/** Writes names with their values. */
export function printFields(channel: Channel, fields: readonly (readonly [string, Cell])[]): void {
  const { theme } = channel;
  for (const line of layoutFields(fields, { columns: channel.columns, theme })) channel.line(line);
}

/** A moment as people read it, in UTC: `2026-11-23 00:21:55Z`. */
export function formatTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** How a state is meant. */
const TONES: Readonly<Record<string, keyof Theme>> = {
  healthy: 'good',
  succeeded: 'good',
  approved: 'good',
  used: 'good',
  won: 'good',
  unhealthy: 'bad',
  failed: 'bad',
  denied: 'bad',
  expired: 'warn',
  pending: 'warn',
  running: 'warn',
  unknown: 'warn',
  unset: 'warn',
};

/** A state in its colour. */
export function stateCell(state: string, theme: Theme): Cell {
  const tone = TONES[state];
  return tone === undefined ? state : { text: state, style: theme[tone] };
}
