/** What the merchants do about an order, one class of effect each. */
import {
  idempotentEffect,
  NothingHappenedError,
  onceOrReviewEffect,
  transactionEffect,
  type Effect,
  type EffectKind,
} from 'checkout-embed/fulfillment';
import type { Reach } from '../child.js';
import { BLIND_PATH, type Doing } from '../doings.js';
import type { Shop } from '../shops.js';

export function effectsOf(
  shop: Shop,
  sinkOrigin: string,
  reach: Reach,
): Readonly<Record<'fulfill' | 'revoke', Effect>> {
  const make = (kind: EffectKind): Effect => {
    switch (shop.effectClass) {
      case 'transaction':
        return inOurTransaction(kind, reach);
      case 'idempotent':
        return atTheSink(kind, sinkOrigin, reach);
      case 'once-or-review':
        return onceAtTheSink(kind, sinkOrigin, reach);
    }
  };
  return { fulfill: make('fulfill'), revoke: make('revoke') };
}

/** Two rows, because one row is never half written. */
function inOurTransaction(kind: EffectKind, reach: Reach): Effect {
  return transactionEffect(async ({ order, key, tx }) => {
    const values = [order.ref, kind, key];
    await tx.query('INSERT INTO merchant.grants (order_ref, kind, effect_key) VALUES ($1, $2, $3)', values);
    reach('during the effect');
    await tx.query('INSERT INTO merchant.mails (order_ref, kind, effect_key) VALUES ($1, $2, $3)', values);
    reach('after the effect, before done');
  });
}

function atTheSink(kind: EffectKind, sinkOrigin: string, reach: Reach): Effect {
  return idempotentEffect(async ({ order, key, signal }) => {
    const response = await call(sinkOrigin, { orderRef: order.ref, kind, key }, signal);
    if (!response.ok) throw new Error(`the sink answered ${response.status}`);
    await work(response, reach);
  });
}

/** Where no key is honored: what is asked twice is done twice. */
function onceAtTheSink(kind: EffectKind, sinkOrigin: string, reach: Reach): Effect {
  return onceOrReviewEffect(async ({ order, key, signal }) => {
    const response = await call(sinkOrigin + BLIND_PATH, { orderRef: order.ref, kind, key }, signal);
    // A clear refusal; anything else may have been done.
    if (response.status === 503) throw new NothingHappenedError('the sink refused');
    if (!response.ok) throw new Error(`the sink answered ${response.status}`);
    await work(response, reach);
  });
}

function call(url: string, doing: Doing, signal: AbortSignal): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(doing), signal });
}

/** Only the head of the answer has come: the work is being done. */
async function work(response: Response, reach: Reach): Promise<void> {
  reach('during the effect');
  await response.json();
  reach('after the effect, before done');
}
