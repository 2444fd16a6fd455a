import { answersTo, type Review } from '../fulfillment/index.js';
import type { Command, CommandResult } from './command.js';
import { pairs, table, time } from './text.js';
import { readLimit } from './values.js';

export const reviewList: Command = {
  name: 'review list',
  summary: 'What a person must look at, oldest first',
  positionals: [],
  options: ['order', 'all', 'limit'],
  needs: 'tables',
  examples: ['npx checkout-embed review', 'npx checkout-embed review list --order=order-1042 --all --json'],
  read: ({ flags }) => {
    const which = {
      ...readLimit(flags),
      ...(flags.all === true ? {} : { open: true }),
      ...(flags.order === undefined ? {} : { orderRef: flags.order }),
    };
    return async ({ desk }) => toResult(await desk.reviews.list(which));
  },
};

function toResult(reviews: readonly Review[]): CommandResult {
  const rows = reviews.map((review) => [
    review.id,
    review.orderRef ?? '(none)',
    review.reason,
    time(review.openedAt),
    review.resolution === null
      ? `open: ${answersTo(review.reason).join(', ')}`
      : `${review.resolution} by ${review.resolvedBy ?? 'nobody known'}`,
    pairs(review.evidence),
  ]);
  const list = table(['ID', 'ORDER', 'REASON', 'OPENED', 'ANSWER', 'EVIDENCE'], rows);
  const hint = 'Answer one: npx checkout-embed review resolve <id> <answer>   (what each does: --help)';
  const isOpen = reviews.some(({ resolution }) => resolution === null);
  return {
    exitCode: 0,
    json: { reviews },
    text: list === '' ? 'Nothing waits for a person.' : isOpen ? `${list}\n\n${hint}` : list,
  };
}
