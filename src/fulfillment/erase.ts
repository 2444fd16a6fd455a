import type { KitContext } from './context.js';
import type { FactSet } from './order-facts.js';
import { eraseAttempts } from './postgres/erase-attempts.js';
import { eraseDeliveries } from './postgres/erase-deliveries.js';
import { eraseEffects } from './postgres/erase-effects.js';
import { eraseFacts } from './postgres/erase-facts.js';
import { hasOwedEffect } from './postgres/has-owed-effect.js';
import { lockOrderFacts } from './postgres/lock-order-facts.js';
import { transaction } from './postgres/transaction.js';
import type { EffectKind } from './ports.js';
import { withoutBuyer } from './reading.js';

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
  | { readonly outcome: 'effect-owed' };

/**
 * Erases what the kit keeps about an order's buyer, in one transaction: the bodies of its deliveries, the vendor's
 * customer id, who opened its attempts, their tokens, what their pages told, the texts of its effects' errors.
 *
 * What stays is what refuses a repetition: the order's reference, its facts by their keys, its effects, the ids of
 * subscriptions and messages. A subscription that is known now is read further and revoked when it ends; nothing
 * about its buyer is taken down again. Erasing twice is erasing once.
 */
export async function erase(context: KitContext, orderRef: string): Promise<Erasure> {
  const { database, tables, effects, clock } = context;
  const erased = await transaction(database, async (sql): Promise<Erasure> => {
    const order = await lockOrderFacts(sql, tables, orderRef);
    if (order === null) return { outcome: 'unknown-order' };
    if (await hasOwedEffect(sql, tables, orderRef, Object.keys(effects) as EffectKind[])) {
      return { outcome: 'effect-owed' };
    }
    await eraseFacts(sql, tables, orderRef, withoutBuyers(order.facts), clock());
    await eraseEffects(sql, tables, orderRef);
    const rawBodies = await eraseDeliveries(sql, tables, orderRef);
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
