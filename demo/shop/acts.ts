/** What the QA console has the vendors and their buyers do to the order that is looked at. */
import type { Backend } from './backend.js';
import type { ShopVendor } from '../pages/settings.js';

/** @throws {Error} in one line, where it cannot be done now. */
export type Act = (orderRef: string) => Promise<unknown>;

export function actsOf({
  kit,
  store,
  sandboxes,
}: Backend): Readonly<Record<ShopVendor, Readonly<Record<string, Act>>>> {
  const { ledgerbee, siglume, ledyer } = sandboxes;
  /** As a person at the merchant's would, with `checkout-embed review resolve`. */
  const answer =
    (resolution: 'accept' | 'reject'): Act =>
    async (orderRef) => {
      const [review] = await kit.reviews.list({ orderRef, open: true, limit: 1 });
      if (review === undefined) throw new Error('No review of this order is open.');
      return kit.reviews.resolve(review.id, { resolution, by: 'the QA console' });
    };
  const reviews = { accept: answer('accept'), reject: answer('reject') };
  /** The session at Siglume for the order: the newest, as a new attempt opens a new one. */
  const siglumeSession = (orderRef: string): string => {
    const { id } = newest(
      siglume.sessions.list().filter(({ metadata }) => Object.values(metadata ?? {}).includes(orderRef)),
      'Nobody has gone to this order’s checkout yet.',
    );
    return id;
  };
  const ledyerOrder = async (orderRef: string): Promise<string> => {
    const ids = await store.ledyerIds(orderRef);
    if (ids === null) throw new Error('Nobody has gone to this order’s checkout yet.');
    return ids.orderId;
  };
  const batch = (act: 'settle' | 'fail' | 'past_due' | 'uncollectible' | 'written_off'): Act =>
    once(() => {
      siglume.metered.closePeriods();
      const { id } = newest(siglume.metered.batches(), 'No small payment was accepted yet.');
      siglume.metered.act(id, act);
    });
  const onSession = (act: 'buy' | 'cancel' | 'expire'): Act =>
    once((orderRef) => siglume.sessions.act(siglumeSession(orderRef), act));
  const onOrder =
    (act: Exclude<keyof typeof ledyer.acts, 'pay'>): Act =>
    async (orderRef) =>
      ledyer.acts[act](await ledyerOrder(orderRef));
  return {
    ledgerbee: {
      ...reviews,
      redeliver: () => ledgerbee.deliveries.redeliver(newest(ledgerbee.deliveries.list(), NOTHING_SENT).id),
    },
    siglume: {
      ...reviews,
      buy: onSession('buy'),
      cancel: onSession('cancel'),
      expire: onSession('expire'),
      redeliver: () => siglume.deliveries.redeliver(newest(siglume.deliveries.list(), NOTHING_SENT).id),
      replay: () => siglume.deliveries.replay(newest(siglume.deliveries.list(), NOTHING_SENT).id),
      probe: () => siglume.deliveries.probe(),
      'batch-settles': batch('settle'),
      'batch-fails': batch('fail'),
      'batch-past-due': batch('past_due'),
      'batch-uncollectible': batch('uncollectible'),
      'batch-written-off': batch('written_off'),
    },
    ledyer: {
      ...reviews,
      pay: async (orderRef) => {
        const ids = await store.ledyerIds(orderRef);
        if (ids === null) throw new Error('Nobody has gone to this order’s checkout yet.');
        ledyer.acts.pay(ids.sessionId);
      },
      sign: onOrder('sign'),
      decline: onOrder('decline'),
      approve: onOrder('approve'),
      capture: onOrder('capture'),
      captureFirstLine: onOrder('captureFirstLine'),
      refundFirstLine: onOrder('refundFirstLine'),
      refund: onOrder('refund'),
      cancel: onOrder('cancel'),
      expire: onOrder('expire'),
      replay: () => ledyer.notifications.replay(newest(ledyer.notifications.list(), NOTHING_SENT).id),
      'revoke-tokens': once(() => ledyer.tokens.revokeAll()),
    },
  };
}

const NOTHING_SENT = 'The vendor has sent nothing yet.';

/** As a promise, what it throws too. */
function once(work: (orderRef: string) => unknown): Act {
  return (orderRef) => new Promise((resolve) => resolve(work(orderRef)));
}

function newest<Item>(items: readonly Item[], otherwise: string): Item {
  const item = items.at(-1);
  if (item === undefined) throw new Error(otherwise);
  return item;
}
