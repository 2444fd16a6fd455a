import type { WantedEffect } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Makes the effect rows of these orders agree with what was decided, as `OrderDecision` asks for: a missing
 * row is made, one not begun takes the newest evidence, one no longer wanted is withdrawn, one wanted again
 * comes back with a full set of tries, and what a person says was done is done. A row never leaves.
 * @param wanted By order; an order with nothing wanted is there with an empty list.
 * @returns whether anything may be due now.
 */
export async function writeEffects(
  sql: SqlClient,
  t: Tables,
  wanted: ReadonlyMap<string, readonly WantedEffect[]>,
  maxTries: number,
  nowMs: number,
): Promise<boolean> {
  if (wanted.size === 0) return false;
  const rows = [...wanted].flatMap(([ref, effects]) => effects.map((effect) => ({ ref, ...effect })));
  const { rowCount } = await sql.query(
    `WITH wanted AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[])
         AS w (order_ref, kind, epoch, done, evidence)
     ), withdrawn AS (
       UPDATE ${t.effects} AS e SET wanted = false
        WHERE e.order_ref = ANY ($1) AND e.wanted AND e.state <> 'done'
          AND NOT EXISTS (SELECT 1 FROM wanted AS w
                           WHERE w.order_ref = e.order_ref AND w.kind = e.kind AND w.epoch = e.epoch)
     )
     INSERT INTO ${t.effects} AS e (order_ref, kind, epoch, state, wanted, evidence, max_tries, run_at, done_at)
     SELECT order_ref, kind, epoch, CASE WHEN done THEN 'done' ELSE 'due' END, true, evidence::jsonb, $7,
            $8::timestamptz, CASE WHEN done THEN $8::timestamptz END
       FROM wanted
     ON CONFLICT (order_ref, kind, epoch) DO UPDATE SET
       wanted = true,
       state = CASE WHEN EXCLUDED.state = 'done' THEN 'done' WHEN e.wanted THEN e.state ELSE 'due' END,
       done_at = EXCLUDED.done_at,
       max_tries = CASE WHEN e.wanted THEN e.max_tries ELSE e.tries + EXCLUDED.max_tries END,
       run_at = CASE WHEN e.wanted THEN e.run_at ELSE EXCLUDED.run_at END,
       -- Known not to have happened: it begins anew.
       begun = e.begun AND (e.state <> 'unknown' OR EXCLUDED.state = 'done'),
       evidence = CASE WHEN e.begun AND e.state <> 'unknown' THEN e.evidence ELSE EXCLUDED.evidence END
     WHERE e.state <> 'done'
       AND (EXCLUDED.state = 'done' OR NOT e.wanted OR (NOT e.begun AND e.evidence <> EXCLUDED.evidence))`,
    [
      [...wanted.keys()],
      rows.map((row) => row.ref),
      rows.map((row) => row.kind),
      rows.map((row) => row.epoch),
      rows.map((row) => row.done),
      rows.map((row) => JSON.stringify(row.evidence)),
      maxTries,
      toTime(nowMs),
    ],
  );
  return (rowCount ?? 0) > 0;
}
