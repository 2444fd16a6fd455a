import type { DeadLetter, RedriveOptions, RedriveResult } from '../fulfillment/index.js';
import { seeHelp } from './arguments.js';
import type { Command, CommandResult } from './command.js';
import type { Desk } from './desk.js';
import { CommandError } from './failure.js';
import type { Progress } from './progress.js';
import { count, plain } from './text.js';
import { readBy, readKind } from './values.js';

/** Dead letters read at a time. */
const PAGE = 200;

export const effectsRedrive: Command = {
  name: 'effects redrive',
  summary: 'Put dead letters back, to be run again with new tries',
  positionals: ['<orderRef>'],
  optionalPositionals: 1,
  options: ['kind', 'epoch', 'all', 'by'],
  optionHelp: { all: 'Every dead letter that waits, of every order' },
  needs: 'tables',
  details: () =>
    'The same as accepting the review that each opened. A server at work runs them; nothing is run here.\n' +
    'One that was given up (its review rejected) stays so.',
  examples: [
    'npx checkout-embed effects redrive order-1042',
    'npx checkout-embed effects redrive order-1042 --kind=revoke',
    'npx checkout-embed effects redrive --all   # after the outage of what you fulfill with',
  ],
  read: ({ positionals: [ref], flags }) => {
    const isAll = flags.all === true;
    if ((ref === undefined) !== isAll) {
      throw new CommandError(
        ref === undefined ? 'missing-argument' : 'invalid-argument',
        ref === undefined ? '<orderRef> is missing.' : 'Name one order, or --all of them.',
        seeHelp(effectsRedrive),
      );
    }
    const options = {
      ...readKind(flags),
      ...(flags.epoch === undefined ? {} : { epoch: flags.epoch }),
      by: readBy(flags),
    };
    return async ({ desk, progress }) =>
      ref === undefined
        ? redriveAll(desk, progress, options)
        : toResult(ref, await desk.effects.redrive(ref, options));
  },
};

function toResult(orderRef: string, result: RedriveResult): CommandResult {
  return {
    exitCode: result.outcome === 'redriven' ? 0 : 1,
    json: { orderRef, ...result },
    text: describe(orderRef, result),
  };
}

function describe(orderRef: string, result: RedriveResult): string {
  const ref = plain(orderRef);
  switch (result.outcome) {
    case 'redriven':
      return result.effects
        .map(({ kind, epoch, due }) =>
          due
            ? `${nameOf(kind, epoch)} of ${ref} is due again: a server at work runs it.`
            : `${nameOf(kind, epoch)} of ${ref} is no longer wanted, so it is not run. See: npx checkout-embed orders show ${ref}`,
        )
        .join('\n');
    case 'given-up':
      return result.effects
        .map(
          ({ kind, epoch, review }) =>
            `${nameOf(kind, epoch)} of ${ref} was given up by ${plain(review.resolvedBy ?? 'nobody known')}. An answer stands.`,
        )
        .join('\n');
    case 'nothing-dead':
      return `Nothing of ${ref} is dead. See: npx checkout-embed effects list`;
  }
}

/** Order by order, each in a transaction of its own: whatever ends this, what is done is done. */
async function redriveAll(
  desk: Desk,
  progress: Progress,
  { by, ...wanted }: RedriveOptions,
): Promise<CommandResult> {
  let redriven = 0;
  let notDue = 0;
  await progress.during('Putting dead letters back', async (say) => {
    let last: DeadLetter | undefined;
    for (;;) {
      const page = await desk.effects.listDead({
        open: true,
        limit: PAGE,
        ...(last === undefined ? {} : { after: last }),
      });
      for (const { orderRef, kind, epoch } of page) {
        if ((wanted.kind ?? kind) !== kind || (wanted.epoch ?? epoch) !== epoch) continue;
        const result = await desk.effects.redrive(orderRef, { kind, epoch, by });
        // Another operator may have been sooner.
        if (result.outcome !== 'redriven') continue;
        redriven += result.effects.filter(({ due }) => due).length;
        notDue += result.effects.filter(({ due }) => !due).length;
        say(`Putting dead letters back: ${redriven + notDue}`);
      }
      last = page.at(-1);
      if (page.length < PAGE) return;
    }
  });
  return {
    exitCode: 0,
    json: { outcome: redriven + notDue === 0 ? 'nothing-dead' : 'redriven', redriven, notDue },
    text:
      `${count(redriven, 'dead letter is', 'dead letters are')} due again` +
      (notDue === 0 ? '.' : `; ${count(notDue, 'is', 'are')} no longer wanted by the order.`),
  };
}

function nameOf(kind: string, epoch: string): string {
  return epoch === '' ? kind : `${kind} (epoch ${epoch})`;
}
