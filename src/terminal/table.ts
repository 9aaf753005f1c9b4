import { cleanLine } from './clean.ts';
import { cutText, foldText, padText, textWidth, wrapText } from './text-width.ts';
import { PLAIN_THEME, type Theme } from './theme.ts';

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** May get less room than it needs: `cut` shortens what does not fit, `fold` goes on below. */
  readonly flexible?: 'cut' | 'fold';
}

/** A cell is foreign text: it is cleaned here. The style goes around it after it was measured. */
export type Cell = string | { readonly text: string; readonly style: (text: string) => string };

export interface TableOptions {
  /** Columns of the terminal; undefined where lines may be of any length. */
  readonly columns?: number | undefined;
  readonly theme?: Theme;
  /** False leaves the titles out. */
  readonly header?: boolean;
}

const GAP = ' ';
/** A flexible column narrower than this says nothing. */
const MIN_FLEXIBLE = 10;

interface Plain {
  readonly text: string;
  readonly style: (text: string) => string;
}

const same = (text: string): string => text;

function toPlain(cell: Cell): Plain {
  return typeof cell === 'string'
    ? { text: cleanLine(cell), style: same }
    : { text: cleanLine(cell.text), style: cell.style };
}

/** The widths that fit, or undefined where even the narrowest flexible columns do not. */
function fitWidths(
  columns: readonly Column[],
  natural: readonly number[],
  room: number,
): number[] | undefined {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  let excess = total() - room;
  while (excess > 0) {
    // From the widest that may shrink, so that columns give what they have most of.
    const at = widths.reduce(
      (best, width, index) =>
        columns[index]?.flexible && width > MIN_FLEXIBLE && width > (widths[best] ?? 0) ? index : best,
      -1,
    );
    if (at < 0) return undefined;
    const width = widths[at] as number;
    const next = Math.max(
      MIN_FLEXIBLE,
      ...widths.filter((_, index) => index !== at && columns[index]?.flexible),
    );
    const step = Math.min(excess, Math.max(1, width - Math.min(next, width - 1)), width - MIN_FLEXIBLE);
    widths[at] = width - step;
    excess -= step;
  }
  return widths;
}

/** One row below the other, a line for each cell: what is left where no table fits. */
function stackRows(columns: readonly Column[], rows: readonly (readonly Plain[])[], theme: Theme): string[] {
  const titleWidth = Math.max(...columns.map(({ title }) => textWidth(title)));
  return rows.flatMap((row, index) => [
    ...(index > 0 ? [''] : []),
    ...row.flatMap(({ text, style }, column) => {
      const title = columns[column]?.title ?? '';
      return text === '' ? [] : [`${theme.faint(padText(title, titleWidth))}${GAP}${style(text)}`];
    }),
  ]);
}

/** Rows in columns, as lines. */
export function layoutTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { columns: room, theme = PLAIN_THEME, header = true }: TableOptions = {},
): string[] {
  const plain = rows.map((row) => row.map(toPlain));
  const natural = columns.map(({ title }, column) =>
    Math.max(header ? textWidth(title) : 0, ...plain.map((row) => textWidth(row[column]?.text ?? ''))),
  );
  const widths = room === undefined ? natural : fitWidths(columns, natural, room);
  if (widths === undefined) return stackRows(columns, plain, theme);
  const layoutLine = (cells: readonly Plain[]) => {
    const last = cells.reduce((found, { text }, index) => (text === '' ? found : index), 0);
    return cells
      .slice(0, last + 1)
      .map(({ text, style }, column) => {
        const space = column === last ? 0 : (widths[column] ?? 0) - textWidth(text);
        return style(text) + ' '.repeat(Math.max(0, space));
      })
      .join(GAP);
  };
  const layoutRow = (cells: readonly Plain[]) => {
    const folded = cells.map(({ text }, column) => {
      const width = widths[column] ?? 0;
      return columns[column]?.flexible === 'fold' ? foldText(text, width) : [cutText(text, width)];
    });
    const height = Math.max(1, ...folded.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      layoutLine(cells.map(({ style }, column) => ({ text: folded[column]?.[line] ?? '', style }))),
    );
  };
  const titles = columns.map(({ title }) => ({ text: title.toUpperCase(), style: theme.faint }));
  return [...(header && rows.length > 0 ? layoutRow(titles) : []), ...plain.flatMap(layoutRow)];
}

/** Names with their values, aligned; values are wrapped under themselves where the room is short. */
export function layoutFields(
  fields: readonly (readonly [name: string, value: Cell])[],
  { columns: room, theme = PLAIN_THEME }: TableOptions = {},
): string[] {
  const shown = fields.map(([name, value]) => [name, toPlain(value)] as const);
  const width = Math.max(0, ...shown.map(([name]) => textWidth(name)));
  return shown.flatMap(([name, { text, style }]) => {
    const lines = room === undefined ? [text] : wrapText(text, Math.max(MIN_FLEXIBLE, room - width - 1));
    return lines.map((line, index) =>
      index === 0
        ? `${theme.faint(padText(name, width))} ${style(line)}`.trimEnd()
        : `${' '.repeat(width + 1)}${style(line)}`,
    );
  });
}
