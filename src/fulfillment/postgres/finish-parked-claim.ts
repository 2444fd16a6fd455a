import type { SqlClient } from '../ports.js';
import type { ParkedClaim } from './claim-parked-triggers.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Ends the waiting of a name. One that was heard of again meanwhile stays, and is due at once.
 * @returns `false` when the claim holds no more: somebody else looks it up.
 */
export async function dropParked(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: ParkedClaim,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `WITH dropped AS (
       DELETE FROM ${t.parkedTriggers}
        WHERE vendor = $1 AND name = $2 AND lease_token = $3 AND generation = $4 RETURNING 1 AS done
     ), kept AS (
       UPDATE ${t.parkedTriggers} SET next_look_at = $5, lease_token = NULL
        WHERE vendor = $1 AND name = $2 AND lease_token = $3 AND generation <> $4 RETURNING 1 AS done
     )
     SELECT done FROM dropped UNION ALL SELECT done FROM kept`,
    [claim.vendor, claim.name, claim.token, claim.generation, toTime(nowMs)],
  );
  return rowCount === 1;
}

/**
 * The name waits on. Does nothing once the claim is lost.
 * @param outcome A look that found nothing to go by, or why there was none.
 */
export async function postponeParked(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: ParkedClaim,
  lookAtMs: number,
  outcome: { readonly isKnown: boolean } | { readonly error: string },
): Promise<void> {
  const [error, isKnown] = 'error' in outcome ? [outcome.error, null] : [null, outcome.isKnown];
  await sql.query(
    `UPDATE ${t.parkedTriggers} SET next_look_at = $4, lease_token = NULL, last_error = $5,
       known = coalesce($6, known),
       looks = looks + CASE WHEN $5::text IS NULL THEN 1 ELSE 0 END,
       failures = CASE WHEN $5::text IS NULL THEN 0 ELSE failures + 1 END
      WHERE vendor = $1 AND name = $2 AND lease_token = $3`,
    [claim.vendor, claim.name, claim.token, toTime(lookAtMs), error, isKnown],
  );
}
