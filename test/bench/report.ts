/** What a bench found, as a table for people or JSON for machines. */
import { cpus } from 'node:os';
import type { Estimate } from './stats.js';

export interface Figure {
  readonly name: string;
  /** A ratio, or the value itself where the budget is one. */
  readonly value: number;
  readonly interval: Pick<Estimate, 'low' | 'high'> | null;
  /** In words; `null` where the figure is only to be known. */
  readonly budget: string | null;
  /** `null` without a budget. */
  readonly within: boolean | null;
  /** The measured sides, how often, and under which conditions. */
  readonly note: string;
}

export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly figures: readonly Figure[];
}

/** A ratio with its interval, judged. */
export function ratioFigure(
  name: string,
  { median, low, high }: Estimate,
  budget: { readonly text: string; readonly holds: (found: Estimate) => boolean } | null,
  note: string,
): Figure {
  const found = { median, low, high };
  return {
    name,
    value: median,
    interval: { low, high },
    budget: budget?.text ?? null,
    within: budget?.holds(found) ?? null,
    note,
  };
}

/** One on which the figures were found; without a name of its owner. */
export function machine(browserVersion: string): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, Chromium ${browserVersion}`;
}

export function table({ date, machine: where, figures }: Report): string {
  const rows = figures.map(({ name, value, interval, budget, within }) => [
    name,
    number(value),
    interval === null ? '' : `${number(interval.low)} to ${number(interval.high)}`,
    budget ?? '',
    within === null ? '' : within ? 'ok' : 'over',
  ]);
  const lines = [['Figure', 'Value', '95 % interval', 'Budget', ''], ...rows];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const drawn = lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths?.[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = figures.map(({ name, note }) => `  ${name}: ${note}`);
  return [`${date}, ${where}`, '', ...drawn, '', ...notes].join('\n');
}

/** What is over a budget of zero must not look like zero. */
function number(value: number): string {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toFixed(3);
}
