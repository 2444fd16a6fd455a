/** Ratios and how far they can be trusted. */

/** A median with the interval in which it lies at 95 %. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 4000;

/** Bootstrap: the median of the sample, and of many samples drawn from it. @throws {RangeError} without values. */
export function estimate(values: readonly number[], random: () => number = Math.random): Estimate {
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN)),
  ).sort((a, b) => a - b);
  const at = (share: number): number => medians[Math.round(share * (RESAMPLES - 1))] ?? Number.NaN;
  return { median: median(values), low: at(0.025), high: at(0.975) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/**
 * Runs every variant once in each round, in an order of its own, so that whatever slows the machine meets all
 * of them alike. @returns Each variant's values, by round.
 */
export async function interleave<Name extends string, Value>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<Value>,
  onRound: (done: number) => void = () => undefined,
): Promise<Readonly<Record<Name, readonly Value[]>>> {
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Value[]>;
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of shuffled(names)) values[name].push(await measure(name));
    onRound(round);
  }
  return values;
}

/** Round by round: what was measured together is compared. */
export function ratios(over: readonly number[], under: readonly number[]): number[] {
  return over.map((value, round) => value / (under[round] ?? Number.NaN));
}
