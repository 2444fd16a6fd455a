import { applyChanges } from '../../../src/fulfillment/apply.js';
import type { Resolution } from '../../../src/fulfillment/index.js';
import { tablesOf } from '../../../src/fulfillment/postgres/tables.js';
import { transaction } from '../../../src/fulfillment/postgres/transaction.js';
import { DEFAULT_SCHEDULE } from '../../../src/fulfillment/schedule.js';
import type { World } from './world.js';

/** A person's answer, as the fact that it is: what follows is decided and written with it. */
export async function answerReview(
  world: World,
  orderRef: string,
  reviewKey: string,
  resolution: Resolution,
): Promise<void> {
  const context = { tables: tablesOf(world.schema), schedule: DEFAULT_SCHEDULE };
  const fact = { kind: 'review-resolved', reviewKey, resolution } as const;
  const change = { ref: orderRef, vendor: 'ledgerbee', facts: [fact], cause: `review:${reviewKey}` } as const;
  await transaction(world.pool, (sql) => applyChanges(sql, context, [change], world.now));
}
