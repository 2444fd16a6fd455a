import type { Signal } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Signals kept per attempt. What comes beyond is a flood, and tells nothing new. */
const MAX_SIGNALS = 200;

/** Kinds after which a checkout may be paid, as SQL. */
export const CONFIRMATIONS = `'confirmed', 'pending'`;

/**
 * Keeps a signal once by its key, and makes the attempt due for the vendor to be asked.
 * @returns whether it is new.
 */
export async function insertSignal(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  signal: {
    readonly attemptId: string;
    readonly signal: Signal;
    readonly nowMs: number;
    readonly askAtMs: number;
  },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `WITH kept AS (
       INSERT INTO ${t.signals}
         (attempt_id, key, kind, status, reason, plan_version_id, plan_item_id, page_at, received_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
        WHERE (SELECT count(*) FROM ${t.signals} WHERE attempt_id = $1) < ${MAX_SIGNALS}
       ON CONFLICT DO NOTHING
       RETURNING attempt_id
     )
     UPDATE ${t.attempts} AS a SET
       last_signal_at = $9,
       confirmation_heard = a.confirmation_heard OR $3 IN (${CONFIRMATIONS}),
       signal_step = 0,
       next_reconcile_at = $10
      FROM kept WHERE a.id = kept.attempt_id`,
    [
      signal.attemptId,
      signal.signal.key,
      signal.signal.kind,
      signal.signal.status ?? null,
      signal.signal.reason ?? null,
      signal.signal.planVersionId ?? null,
      signal.signal.planItemId ?? null,
      signal.signal.at,
      toTime(signal.nowMs),
      toTime(signal.askAtMs),
    ],
  );
  return rowCount === 1;
}
