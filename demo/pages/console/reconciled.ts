/** What "Reconcile now" did, in a sentence or two. */
import type { AskedAbout } from '../../shop/reconcile-now.js';

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
