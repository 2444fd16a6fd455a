/** How an answer looks to a person in a terminal. Plain text without color, so that it can be kept and compared. */

/** Anything a terminal would act upon: refs and error texts come from outside. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text of unknown origin, on one line and without what moves a cursor or turns the writing around. */
export function plain(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** Columns side by side under their names; `''` when there are no rows. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [columns, ...rows.map((row) => row.map(plain))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A part of a longer answer, under its title; says so when it is empty. */
export function section(title: string, body: string): string {
  return `${title}\n${indent(body === '' ? 'none' : body)}`;
}

export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** `key=value` pairs on one line. */
export function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** A time for a person: `2026-06-01 12:00:00Z`. */
export function time(iso: string | null): string {
  return iso === null ? '' : iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

/** `1 review`, `2 reviews`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
