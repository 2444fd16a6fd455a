import type { Resolution, Review, ReviewName, ReviewResolved } from '../fulfillment/index.js';
import { ANSWER_WORDS } from './answer-words.js';
import { seeHelp } from './arguments.js';
import type { Command, CommandResult, Flags } from './command.js';
import { CommandError } from './failure.js';
import { indent, plain } from './text.js';
import { readBy } from './values.js';

const ANSWERS = [...new Set(Object.values(ANSWER_WORDS).flatMap((answers) => Object.keys(answers)))];

export const reviewResolve: Command = {
  name: 'review resolve',
  summary: 'Answer a review, so that its order goes on',
  positionals: ['<id>', '<answer>'],
  optionalPositionals: 1,
  options: ['order', 'key', 'by'],
  optionHelp: { order: 'The order of the review that --key names; without it, one that belongs to no order' },
  needs: 'tables',
  details: () =>
    'An answer stands: the same again changes nothing, another is refused. What each does, by the reason:\n\n' +
    Object.entries(ANSWER_WORDS)
      .map(([reason, answers]) =>
        [reason, ...Object.entries(answers).map(([answer, effect]) => indent(`${answer}: ${effect}`))].join(
          '\n',
        ),
      )
      .join('\n'),
  examples: [
    'npx checkout-embed review resolve 42 accept',
    'npx checkout-embed review resolve --order=order-1042 --key=unknown_reference reject --by="Ada, support"',
  ],
  read: ({ positionals, flags }) => {
    const { name, answer } = readAsked(positionals, flags);
    const by = readBy(flags);
    return async ({ desk }) => toResult(await desk.reviews.resolve(name, { resolution: answer, by }));
  },
};

function toResult(resolved: ReviewResolved): CommandResult {
  switch (resolved.outcome) {
    case 'resolved':
    case 'repeated':
      return {
        exitCode: 0,
        json: { outcome: resolved.outcome, review: resolved.review, status: resolved.status },
        text: [
          resolved.outcome === 'resolved'
            ? `${titleOf(resolved.review)} was answered: ${resolved.review.resolution ?? ''}.`
            : `${titleOf(resolved.review)} had this answer already; nothing was done.`,
          ...(resolved.status === null || resolved.outcome === 'repeated'
            ? []
            : [describeStatus(resolved.status)]),
        ].join('\n'),
      };
    case 'answered-otherwise': {
      const { review } = resolved;
      return no(
        { outcome: resolved.outcome, review },
        `${titleOf(review)} was answered before: ${review.resolution ?? ''}, by ` +
          `${plain(review.resolvedBy ?? 'nobody known')}. An answer stands.`,
      );
    }
    case 'not-an-answer':
      return no(
        { outcome: resolved.outcome, review: resolved.review, answers: resolved.answers },
        `${titleOf(resolved.review)} takes the answers ${resolved.answers.join(', ')}.`,
      );
    case 'not-found':
      return no(
        { outcome: resolved.outcome },
        'There is no such review. See: npx checkout-embed review list',
      );
  }
}

function readAsked(
  positionals: readonly string[],
  { order, key }: Flags,
): { readonly name: ReviewName; readonly answer: Resolution } {
  if (key === undefined && order !== undefined) {
    throw new CommandError('missing-argument', '--order needs --key beside it.', seeHelp(reviewResolve));
  }
  const [id, answer] = key === undefined ? positionals : [undefined, positionals[0]];
  const isTooMuch = key !== undefined && positionals.length > 1;
  if (isTooMuch) {
    throw new CommandError(
      'invalid-argument',
      'Name the review by its id or by --key.',
      seeHelp(reviewResolve),
    );
  }
  if (answer === undefined || !isAnswer(answer)) {
    throw new CommandError(
      answer === undefined ? 'missing-argument' : 'invalid-argument',
      answer === undefined ? '<answer> is missing.' : `${JSON.stringify(answer)} is no answer.`,
      `Answers are ${ANSWERS.join(', ')}. ${seeHelp(reviewResolve)}`,
    );
  }
  return { name: key === undefined ? (id ?? '') : { orderRef: order ?? null, key }, answer };
}

function isAnswer(text: string): text is Resolution {
  return ANSWERS.includes(text);
}

function titleOf({ id, reason, orderRef }: Review): string {
  return `Review ${id} (${reason}${orderRef === null ? '' : `, order ${plain(orderRef)}`})`;
}

function describeStatus({ before, after }: { readonly before: string; readonly after: string }): string {
  if (before === after) return `The order stays ${after}.`;
  return after === 'processing'
    ? 'The order is processing: a server at work takes it from here.'
    : `The order went from ${before} to ${after}.`;
}

function no(json: CommandResult['json'], text: string): CommandResult {
  return { exitCode: 1, json, text };
}
