/** What "Reconcile now" did, in a sentence or two. */

/** One of the orders that a vendor was asked about. */
export interface AskedAbout {
  readonly order: string;
  readonly before: string;
  readonly after: string;
  /** Why a question got no answer. */
  readonly failures: readonly string[];
}

export function inWords(asked: readonly AskedAbout[]): string {
  if (asked.length === 0) return 'Nothing to ask about: none of your orders waits for an answer.';
  const changed = asked.filter(({ before, after }) => before !== after);
  const failures = asked.flatMap((one) => one.failures);
  return [
    `Asked about ${asked.length === 1 ? '1 order' : `${asked.length} orders`};`,
    changed.length === 0
      ? 'nothing new.'
      : `${changed.map(({ order, before, after }) => `${order}: ${before} → ${after}`).join(', ')}.`,
    ...(failures.length === 0
      ? []
      : [`No answer to ${failures.length}: ${[...new Set(failures)].join(', ')}.`]),
  ].join(' ');
}
