import type { KitContext } from './context.js';
import type { FactSet } from './order-facts.js';
import { eraseAttempts } from './postgres/erase-attempts.js';
import { eraseDeliveries } from './postgres/erase-deliveries.js';
import { eraseEffects } from './postgres/erase-effects.js';
import { eraseFacts } from './postgres/erase-facts.js';
import { eraseParkedSecrets } from './postgres/erase-parked-secrets.js';
import { hasOwedEffect } from './postgres/has-owed-effect.js';
import { listAskedCheckouts } from './postgres/list-asked-checkouts.js';
import { lockOrderFacts } from './postgres/lock-order-facts.js';
import { transaction } from './postgres/transaction.js';
import type { EffectKind } from './ports.js';
import { withoutBuyer } from './reading.js';
import { isProven } from './redirect-reports.js';

export type Erasure =
  | {
      readonly outcome: 'erased';
      /** How many of each were dropped, or made nobody's. */
      readonly rawBodies: number;
      readonly attempts: number;
      readonly tokens: number;
      readonly signals: number;
    }
  | { readonly outcome: 'unknown-order' }
  /** An effect is to be run and needs what would be erased. Nothing was; try again once it has run. */
  | { readonly outcome: 'effect-owed' }
  /**
   * The buyer may still pay through a hosted checkout, or has paid and no delivery has said so: by its id that is found
   * out. Nothing was erased; try again once it is over, within the hour at most while its vendor answers.
   */
  | { readonly outcome: 'checkout-open' };

/**
 * Erases what the kit keeps about an order's buyer, in one transaction: the bodies of its deliveries, the vendor's
 * customer id, who opened its attempts, their tokens, what their pages told and where these lay, its hosted checkouts,
 * secrets that wait for the merchant, the texts of its effects' errors.
 *
 * What stays is what refuses a repetition: the order's reference, its facts by their keys, its effects, the ids of
 * subscriptions and messages, the keys by which payments find it. A subscription that is known now is read further and
 * revoked when it ends; nothing about its buyer is taken down again. Erasing twice is erasing once.
 */
export async function erase(context: KitContext, orderRef: string): Promise<Erasure> {
  const { database, tables, effects, clock } = context;
  const erased = await transaction(database, async (sql): Promise<Erasure> => {
    const order = await lockOrderFacts(sql, tables, orderRef);
    if (order === null) return { outcome: 'unknown-order' };
    if (await hasOwedEffect(sql, tables, orderRef, Object.keys(effects) as EffectKind[])) {
      return { outcome: 'effect-owed' };
    }
    const asked = await listAskedCheckouts(sql, tables, orderRef);
    if (asked.some((attemptId) => !isProven(order.facts, attemptId))) return { outcome: 'checkout-open' };
    await eraseFacts(sql, tables, orderRef, withoutBuyers(order.facts), clock());
    await eraseEffects(sql, tables, orderRef);
    const rawBodies = await eraseDeliveries(sql, tables, orderRef);
    await eraseParkedSecrets(sql, tables, orderRef);
    return { outcome: 'erased', rawBodies, ...(await eraseAttempts(sql, tables, orderRef)) };
  });
  if (erased.outcome === 'erased') {
    context.log({
      level: 'info',
      event: 'order.erased',
      message: 'What was kept about the buyer of an order was erased',
      fields: { orderRef },
    });
  }
  return erased;
}

function withoutBuyers(facts: FactSet): FactSet {
  return Object.fromEntries(
    Object.entries(facts).map(([key, fact]) => [
      key,
      fact.kind === 'observed' ? { ...fact, observation: withoutBuyer(fact.observation) } : fact,
    ]),
  );
}
