import type { OrderDetail } from '../fulfillment/index.js';
import type { Command } from './command.js';
import { pairs, plain, section, table, time } from './text.js';

/** Lines of a part that grows for ever; the JSON has them all. */
const MAX_LINES = 20;

export const ordersShow: Command = {
  name: 'orders show',
  summary: 'Everything that is known about one order',
  positionals: ['<orderRef>'],
  options: [],
  needs: 'tables',
  details: () => 'No raw delivery, no token and nothing of the buyer is shown.',
  examples: ['npx checkout-embed orders show order-1042', 'npx checkout-embed orders show order-1042 --json'],
  read:
    ({ positionals: [ref = ''] }) =>
    async ({ desk }) => {
      const order = await desk.orders.read(ref);
      if (order === null) {
        return {
          exitCode: 1,
          json: { outcome: 'not-found', orderRef: ref },
          text: `There is no order ${plain(ref)}.`,
        };
      }
      return { exitCode: 0, json: { outcome: 'found', order }, text: describe(order) };
    },
};

function describe(order: OrderDetail): string {
  const head = [
    `${plain(order.ref)}: ${order.status}`,
    `${order.vendor}, created ${time(order.createdAt)}, changed ${time(order.updatedAt)}`,
    ...(order.unreferenced === null ? [] : ['It came without a reference of yours.']),
    ...(order.settlement === null ? [] : [`The money of an accepted payment: ${order.settlement}.`]),
    ...(order.erasedAt === null
      ? []
      : [`What was known of its buyer was erased at ${time(order.erasedAt)}.`]),
    ...(order.parkedUntil === null
      ? []
      : [`Nobody here issued this reference yet; it waits until ${time(order.parkedUntil)}.`]),
  ].join('\n');
  return [
    head,
    section(
      'Effects',
      table(
        ['KIND', 'EPOCH', 'STATE', 'TRIES', 'DONE', 'LAST ERROR'],
        order.effects.map((effect) => [
          effect.kind,
          effect.epoch,
          effect.wanted || effect.state === 'done' ? effect.state : `${effect.state}, withdrawn`,
          String(effect.tries),
          time(effect.doneAt),
          effect.lastError ?? '',
        ]),
      ),
    ),
    section(
      'Reviews',
      table(
        ['ID', 'REASON', 'OPENED', 'ANSWER', 'BY', 'EVIDENCE'],
        order.reviews.map((review) => [
          review.id,
          review.reason,
          time(review.openedAt),
          review.resolution ?? 'open',
          review.resolvedBy ?? '',
          pairs(review.evidence),
        ]),
      ),
    ),
    section(
      'Status, newest first',
      table(
        ['AT', 'FROM', 'TO', 'BECAUSE OF'],
        order.transitions
          .slice(0, MAX_LINES)
          .map(({ at, from, to, cause }) => [time(at), from ?? '', to, cause]),
      ),
    ),
    section(
      'At the vendor',
      table(
        ['SUBJECT', 'READ', 'FAILURES', 'LAST ERROR'],
        order.subjects.map((subject) => [
          subject.subject,
          subject.cleanGeneration >= subject.dirtyGeneration ? 'yes' : 'waits',
          String(subject.failures),
          subject.lastError ?? '',
        ]),
      ),
    ),
    section(
      'Deliveries and readings, newest first',
      table(
        ['AT', 'SOURCE', 'TOPIC', 'OUTCOME', 'ID', 'WHY'],
        order.deliveries
          .slice(0, MAX_LINES)
          .map((one) => [
            time(one.receivedAt),
            one.source,
            one.topic,
            one.outcome,
            one.messageId,
            one.why ?? '',
          ]),
      ),
    ),
    section(
      'Attempts, newest first',
      table(
        ['ID', 'OPENED', 'ACTIVE', 'LOGGED IN', 'UNBOUND', 'NEXT ASKED'],
        order.attempts
          .slice(0, MAX_LINES)
          .map((attempt) => [
            attempt.id,
            time(attempt.createdAt),
            attempt.active ? 'yes' : '',
            attempt.identified ? 'yes' : '',
            attempt.unbound ?? '',
            time(attempt.nextReconcileAt),
          ]),
      ),
    ),
  ].join('\n\n');
}
