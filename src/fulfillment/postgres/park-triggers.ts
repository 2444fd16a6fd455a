import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface ParkedName {
  readonly name: string;
  readonly alias: string | null;
  readonly secret: string | null;
}

/**
 * Keeps names that nobody here has linked, up to a bound that holds exactly, whoever else parks at the same time. A
 * name that is parked already takes no further room.
 * @param parked At most one per name.
 * @returns the names that are kept now; for the others there was no room.
 */
export async function parkTriggers(
  sql: SqlClient,
  t: Tables,
  vendor: Vendor,
  parked: readonly ParkedName[],
  at: { readonly limit: number; readonly nowMs: number; readonly lookAtMs: number },
): Promise<ReadonlySet<string>> {
  if (parked.length === 0) return new Set();
  // Counting and keeping are one step for whoever else does them. Taken for names of nobody's alone.
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${t.schema} parked ${vendor}`]);
  const { rows } = await query<{ name: string }>(
    sql,
    `WITH given AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS g (name, alias, secret, position)
     ), there AS (
       SELECT g.name FROM given AS g JOIN ${t.parkedTriggers} AS p ON p.vendor = $1 AND p.name = g.name
     ), room AS (
       SELECT greatest(0, $5::bigint - count(*)) AS rest
         FROM (SELECT 1 FROM ${t.parkedTriggers} WHERE vendor = $1 LIMIT $5::bigint) AS taken
     ), fresh AS (
       SELECT name FROM given WHERE name NOT IN (SELECT name FROM there)
        ORDER BY position LIMIT (SELECT rest FROM room)
     )
     INSERT INTO ${t.parkedTriggers} AS p
       (vendor, name, alias, secret, generation, first_at, last_at, next_look_at)
     SELECT $1, name, alias, secret, 1, $6::timestamptz, $6::timestamptz, $7::timestamptz
       FROM given WHERE name IN (SELECT name FROM there UNION ALL SELECT name FROM fresh)
     ON CONFLICT (vendor, name) DO UPDATE SET
       alias = coalesce(p.alias, EXCLUDED.alias),
       secret = coalesce(EXCLUDED.secret, p.secret),
       generation = p.generation + 1,
       last_at = EXCLUDED.last_at,
       -- Heard of again: looked up again soon, however often it is heard of.
       next_look_at = least(p.next_look_at, EXCLUDED.next_look_at)
     RETURNING name`,
    [
      vendor,
      parked.map(({ name }) => name),
      parked.map(({ alias }) => alias),
      parked.map(({ secret }) => secret),
      at.limit,
      toTime(at.nowMs),
      toTime(at.lookAtMs),
    ],
  );
  return new Set(rows.map(({ name }) => name));
}
