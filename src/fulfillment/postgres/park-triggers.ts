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

export interface Parking {
  readonly limit: number;
  readonly nowMs: number;
  /**
   * How long a name waits for its first look, in milliseconds. One that is heard of again is looked up after as long,
   * doubled by each look at which its vendor did not know it.
   */
  readonly lookAfterMs: number;
  /** A name that its vendor does not know, and that was first heard of before then, gives its place to a further one. */
  readonly doubtedBeforeMs: number;
}

/**
 * Keeps names that nobody here has linked, up to a bound that holds exactly, whoever else parks at the same time. A
 * name that is parked already takes no further room.
 * @param parked At most one per name.
 * @returns the names that are kept now; for the others there was no room. `evicted`: how many gave their places.
 */
export async function parkTriggers(
  sql: SqlClient,
  t: Tables,
  vendor: Vendor,
  parked: readonly ParkedName[],
  { limit, nowMs, lookAfterMs, doubtedBeforeMs }: Parking,
): Promise<{ readonly kept: ReadonlySet<string>; readonly evicted: number }> {
  if (parked.length === 0) return { kept: new Set(), evicted: 0 };
  // Counting and keeping are one step for whoever else does them. Taken for names of nobody's alone.
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${t.schema} parked ${vendor}`]);
  const { rows } = await query<{ name: string; evicted: number }>(
    sql,
    `WITH given AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS g (name, alias, secret, position)
     ), there AS (
       SELECT g.name FROM given AS g JOIN ${t.parkedTriggers} AS p ON p.vendor = $1 AND p.name = g.name
     ), room AS (
       SELECT greatest(0, $5::bigint - count(*)) AS rest
         FROM (SELECT 1 FROM ${t.parkedTriggers} WHERE vendor = $1 LIMIT $5::bigint) AS taken
     ), evicted AS (
       DELETE FROM ${t.parkedTriggers} WHERE vendor = $1 AND name IN (
         SELECT name FROM ${t.parkedTriggers}
          WHERE vendor = $1 AND looks > 0 AND NOT known AND first_at <= $8
            -- One that is looked up now may be found.
            AND lease_token IS NULL AND name NOT IN (SELECT name FROM there)
          ORDER BY first_at
          LIMIT (SELECT greatest(0, (SELECT count(*) FROM given) - (SELECT count(*) FROM there) - rest) FROM room))
       RETURNING 1
     ), fresh AS (
       SELECT name FROM given WHERE name NOT IN (SELECT name FROM there)
        ORDER BY position LIMIT (SELECT rest FROM room) + (SELECT count(*) FROM evicted)
     ), kept AS (
     INSERT INTO ${t.parkedTriggers} AS p
       (vendor, name, alias, secret, generation, first_at, last_at, next_look_at)
     SELECT $1, name, alias, secret, 1, $6::timestamptz, $6::timestamptz,
            $6::timestamptz + $7 * interval '1 millisecond'
       FROM given WHERE name IN (SELECT name FROM there UNION ALL SELECT name FROM fresh)
      -- As whoever takes several of them does.
      ORDER BY name COLLATE "C"
     ON CONFLICT (vendor, name) DO UPDATE SET
       alias = coalesce(p.alias, EXCLUDED.alias),
       secret = coalesce(EXCLUDED.secret, p.secret),
       generation = p.generation + 1,
       last_at = EXCLUDED.last_at,
       -- Heard of again: looked up again soon, and ever later where it was nobody's the last times.
       next_look_at = least(p.next_look_at, $6::timestamptz
         + $7 * CASE WHEN p.known THEN 1 ELSE power(2, least(p.looks, 10)) END * interval '1 millisecond')
     RETURNING name
     )
     SELECT name, (SELECT count(*)::integer FROM evicted) AS evicted FROM kept`,
    [
      vendor,
      parked.map(({ name }) => name),
      parked.map(({ alias }) => alias),
      parked.map(({ secret }) => secret),
      limit,
      toTime(nowMs),
      lookAfterMs,
      toTime(doubtedBeforeMs),
    ],
  );
  return { kept: new Set(rows.map(({ name }) => name)), evicted: rows[0]?.evicted ?? 0 };
}
