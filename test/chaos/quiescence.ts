/** Is there anything left to do? Asked of the rows, not of the clock. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosDatabase } from './database.js';
import { schemaOf, SHOPS } from './shops.js';

/** Between two looks, in milliseconds. */
const LOOK_EVERY_MS = 400;
/** Stuck rows that are named. */
const NAMED = 12;

/**
 * Waits until no order waits for anything.
 * @returns what is stuck when the time is over: empty when all is quiet.
 */
export async function waitForQuiet(
  database: ChaosDatabase,
  othersIdle: () => boolean,
  limitMs: number,
): Promise<readonly string[]> {
  const end = Date.now() + limitMs;
  for (;;) {
    const stuck = [
      ...(othersIdle() ? [] : ['buyers or deliveries are still on their way']),
      ...(await readWaiting(database)),
    ];
    if (stuck.length === 0 || Date.now() > end) return stuck;
    await pause(LOOK_EVERY_MS);
  }
}

async function readWaiting(database: ChaosDatabase): Promise<readonly string[]> {
  const parts = SHOPS.map((shop) => {
    const schema = schemaOf(shop);
    // Of this class, a run of which nobody knows how it ended is a person's.
    const ended = shop.effectClass === 'once-or-review' ? `('done', 'dead')` : `('done')`;
    return `SELECT 'order ' || ref || ' is ' || status AS what FROM ${schema}.orders
        WHERE status IN ('open', 'pending', 'processing')
       UNION ALL
       SELECT 'effect ' || kind || ' of ' || order_ref || ' is ' || state || ' after ' || tries || ' tries: '
              || coalesce(last_error, '') FROM ${schema}.effects WHERE state NOT IN ${ended} AND wanted
       UNION ALL
       SELECT 'subject of ' || coalesce(order_ref, '-') || ' is dirty: ' || coalesce(last_error, '')
         FROM ${schema}.subjects WHERE dirty_gen > clean_gen`;
  });
  const { rows } = await database.withClient((client) =>
    client.query<{ what: string }>(`SELECT * FROM (${parts.join(' UNION ALL ')}) AS waiting LIMIT ${NAMED}`),
  );
  return rows.map(({ what }) => what);
}
