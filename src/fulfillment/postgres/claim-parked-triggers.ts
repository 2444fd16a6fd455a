import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { msOf, toTime } from './time.js';

export interface ParkedClaim {
  readonly vendor: Vendor;
  readonly name: string;
  /** The other name in the delivery, on its word alone. */
  readonly alias: string | null;
  readonly secret: string | null;
  readonly generation: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly looks: number;
  readonly failures: number;
  readonly token: string;
}

/** Takes parked names that are due to be looked up; nobody else does until the lease ends. */
export async function claimParkedTriggers(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly vendors: readonly Vendor[];
    readonly token: string;
    readonly limit: number;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  },
): Promise<readonly ParkedClaim[]> {
  const { rows } = await query<{
    vendor: Vendor;
    name: string;
    alias: string | null;
    secret: string | null;
    generation: number;
    first_at: number;
    last_at: number;
    looks: number;
    failures: number;
  }>(
    sql,
    `WITH due AS MATERIALIZED (
       SELECT first.vendor, first.name FROM unnest($1::text[]) AS of (vendor) CROSS JOIN LATERAL
         (SELECT p.vendor, p.name FROM ${t.parkedTriggers} AS p
           WHERE p.vendor = of.vendor AND p.next_look_at <= $4
           ORDER BY p.next_look_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS first
        LIMIT $3
     )
     UPDATE ${t.parkedTriggers} AS p SET lease_token = $2, next_look_at = $5
       FROM due WHERE p.vendor = due.vendor AND p.name = due.name
     RETURNING p.vendor, p.name, p.alias, p.secret, p.generation, p.looks, p.failures,
               ${msOf('p.first_at')} AS first_at, ${msOf('p.last_at')} AS last_at`,
    [claim.vendors, claim.token, claim.limit, toTime(claim.nowMs), toTime(claim.leaseUntilMs)],
  );
  return rows.map(({ first_at: firstAtMs, last_at: lastAtMs, ...row }) => ({
    ...row,
    firstAtMs,
    lastAtMs,
    token: claim.token,
  }));
}
