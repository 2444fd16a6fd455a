/** What is read when all is quiet: the kits' tables, the merchant's table, the sink. */
import type pg from 'pg';
import type { Doing } from './doings.js';
import { schemaOf, type Shop } from './shops.js';

/** Of one shop. */
export interface Evidence {
  /** By order reference. */
  readonly statuses: ReadonlyMap<string, string>;
  /** All that was done, in order. */
  readonly doings: readonly Doing[];
  /** The kit's own account of those that were begun or done. */
  readonly effects: readonly { readonly key: string; readonly state: 'due' | 'done' | 'dead' }[];
  /** Bodies in the inbox, by message id. */
  readonly inbox: ReadonlyMap<string, string>;
  /** Orders whose payment reconcile found before any delivery told of it. */
  readonly foundByReconcile: number;
  readonly reviews: readonly string[];
  /** Keys of rows in the merchant's two tables that lack their counterpart. */
  readonly halves: readonly string[];
}

export async function readEvidence(
  client: pg.Client,
  shop: Shop,
  atTheSink: readonly Doing[],
): Promise<Evidence> {
  const schema = schemaOf(shop);
  const read = async <Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> =>
    (await client.query<Row>(text)).rows;
  const orders = await read<{ ref: string; status: string }>(`SELECT ref, status FROM ${schema}.orders`);
  const inTable = await read<Doing>(
    `SELECT order_ref AS "orderRef", kind, effect_key AS key FROM merchant.grants
      WHERE order_ref LIKE '${shop.name}-%' ORDER BY number`,
  );
  const inbox = await read<{ id: string; body: Buffer | null }>(
    `SELECT message_id AS id, raw_body AS body FROM ${schema}.inbox WHERE source = 'delivery'`,
  );
  const [counts] = await read<{ found: number }>(
    `SELECT count(*)::int AS found FROM ${schema}.inbox WHERE source = 'reconcile'`,
  );
  const halves = await read<{ key: string }>(
    `SELECT effect_key AS key FROM merchant.grants AS g FULL JOIN merchant.mails AS m
      USING (order_ref, kind, effect_key)
      WHERE order_ref LIKE '${shop.name}-%' AND (g.number IS NULL OR m.number IS NULL)`,
  );
  const reviews = await read<{ name: string }>(
    `SELECT coalesce(order_ref, '-') || ' ' || key AS name FROM ${schema}.reviews`,
  );
  return {
    statuses: new Map(orders.map(({ ref, status }) => [ref, status])),
    doings: [...inTable, ...atTheSink.filter(({ orderRef }) => orderRef.startsWith(`${shop.name}-`))],
    effects: await read(
      `SELECT order_ref || ':' || kind || ':' || epoch AS key, state FROM ${schema}.effects
        WHERE state = 'done' OR begun`,
    ),
    inbox: new Map(inbox.map(({ id, body }) => [id, body?.toString() ?? ''])),
    foundByReconcile: counts?.found ?? 0,
    reviews: reviews.map(({ name }) => name),
    halves: halves.map(({ key }) => key),
  };
}
