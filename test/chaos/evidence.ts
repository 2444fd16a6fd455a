/** What is read when all is quiet: the kits' tables, the merchant's table, the sink. */
import type pg from 'pg';
import type { Doing } from './doings.js';
import { prefixOf, schemaOf, type Shop } from './shops.js';
import type { VendorName } from './vendor.js';

/** Of one shop's orders at one vendor. */
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
  /** What a person is asked: the order's reference, and the key of the question. */
  readonly reviews: readonly { readonly orderRef: string; readonly key: string }[];
  /** Keys of rows in the merchant's two tables that lack their counterpart. */
  readonly halves: readonly string[];
}

export async function readEvidence(
  client: pg.Client,
  shop: Shop,
  vendor: VendorName,
  atTheSink: readonly Doing[],
): Promise<Evidence> {
  const schema = schemaOf(shop);
  const prefix = prefixOf(shop, vendor);
  const read = async <Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> =>
    (await client.query<Row>(text)).rows;
  const orders = await read<{ ref: string; status: string }>(
    `SELECT ref, status FROM ${schema}.orders WHERE ref LIKE '${prefix}%'`,
  );
  const inTable = await read<Doing>(
    `SELECT order_ref AS "orderRef", kind, effect_key AS key FROM merchant.grants
      WHERE order_ref LIKE '${prefix}%' ORDER BY number`,
  );
  const inbox = await read<{ id: string; body: Buffer | null }>(
    `SELECT message_id AS id, raw_body AS body FROM ${schema}.inbox
      WHERE source = 'delivery' AND vendor = '${vendor}'`,
  );
  const [counts] = await read<{ found: number }>(
    `SELECT count(*)::int AS found FROM ${schema}.inbox
      WHERE source = 'reconcile' AND vendor = '${vendor}'`,
  );
  const halves = await read<{ key: string }>(
    `SELECT effect_key AS key FROM merchant.grants AS g FULL JOIN merchant.mails AS m
      USING (order_ref, kind, effect_key)
      WHERE order_ref LIKE '${prefix}%' AND (g.number IS NULL OR m.number IS NULL)`,
  );
  // Of no order: told with each vendor, rather than with none.
  const reviews = await read<{ orderRef: string; key: string }>(
    `SELECT coalesce(order_ref, '-') AS "orderRef", key FROM ${schema}.reviews
      WHERE order_ref IS NULL OR order_ref LIKE '${prefix}%'`,
  );
  return {
    statuses: new Map(orders.map(({ ref, status }) => [ref, status])),
    doings: [...inTable, ...atTheSink.filter(({ orderRef }) => orderRef.startsWith(prefix))],
    effects: await read(
      `SELECT order_ref || ':' || kind || ':' || epoch AS key, state FROM ${schema}.effects
        WHERE (state = 'done' OR begun) AND kind <> 'acknowledge' AND order_ref LIKE '${prefix}%'`,
    ),
    inbox: new Map(inbox.map(({ id, body }) => [id, body?.toString() ?? ''])),
    foundByReconcile: counts?.found ?? 0,
    reviews,
    halves: halves.map(({ key }) => key),
  };
}
