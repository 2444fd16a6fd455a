import type { DeadLetter } from '../fulfillment/index.js';
import type { Command, CommandResult } from './command.js';
import { table, time } from './text.js';
import { readLimit } from './values.js';

export const effectsList: Command = {
  name: 'effects list',
  summary: 'Dead letters: effects whose tries ran out',
  positionals: [],
  options: ['order', 'all', 'limit'],
  needs: 'tables',
  examples: ['npx checkout-embed effects', 'npx checkout-embed effects list --all --json'],
  read: ({ flags }) => {
    const which = {
      ...readLimit(flags),
      ...(flags.all === true ? {} : { open: true }),
      ...(flags.order === undefined ? {} : { orderRef: flags.order }),
    };
    return async ({ desk }) => toResult(await desk.effects.listDead(which));
  },
};

function toResult(effects: readonly DeadLetter[]): CommandResult {
  const rows = effects.map((effect) => [
    effect.orderRef,
    effect.kind,
    effect.epoch,
    String(effect.tries),
    time(effect.review.openedAt),
    effect.review.resolution ?? `review ${effect.review.id}`,
    effect.lastError ?? '',
  ]);
  const list = table(['ORDER', 'KIND', 'EPOCH', 'TRIES', 'DIED', 'ANSWER', 'LAST ERROR'], rows);
  const hint = 'Put one back: npx checkout-embed effects redrive <orderRef>';
  return {
    exitCode: 0,
    json: { effects },
    text: list === '' ? 'No effect is dead.' : `${list}\n\n${hint}`,
  };
}
