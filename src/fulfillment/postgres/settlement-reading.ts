import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface SettlementClaim {
  readonly vendor: Vendor;
  readonly token: string;
  readonly leaseUntilMs: number;
  /** Grows with each reading. */
  readonly generation: number;
  readonly failures: number;
}

/** Takes the reading of a vendor's statements, if it is due. `null`: it is not, or somebody else reads them. */
export async function claimSettlementReading(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly vendor: Vendor;
    readonly token: string;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  },
): Promise<SettlementClaim | null> {
  const { vendor, token, nowMs, leaseUntilMs } = claim;
  const { first } = await query<{ generation: number; failures: number }>(
    sql,
    `UPDATE ${t.settlementReadings} SET token = $2, next_at = $4, generation = generation + 1
      WHERE vendor = $1 AND next_at <= $3 RETURNING generation, failures`,
    [vendor, token, toTime(nowMs), toTime(leaseUntilMs)],
  );
  return first === undefined ? null : { vendor, token, leaseUntilMs, ...first };
}

/** Ends a reading. What asked for another one meanwhile stands. */
export async function finishSettlementReading(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  { vendor, token, leaseUntilMs }: SettlementClaim,
  after: { readonly nextAtMs: number; readonly failures: number },
): Promise<void> {
  await sql.query(
    `UPDATE ${t.settlementReadings} SET token = NULL, failures = $4,
            next_at = CASE WHEN next_at = $3 THEN $5 ELSE next_at END
      WHERE vendor = $1 AND token = $2`,
    [vendor, token, toTime(leaseUntilMs), after.failures, toTime(after.nextAtMs)],
  );
}
