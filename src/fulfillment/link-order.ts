/** The merchant says which of its orders a linked vendor's purchase is. */
import type { Vendor } from '../protocol/index.js';
import { applyChanges } from './apply.js';
import type { KitContext, News } from './context.js';
import { ConfigurationError } from './errors.js';
import type { Fact, FactSet } from './order-facts.js';
import type { LinkedIds, LinkedVendor, SqlClient, Trigger } from './ports.js';
import { takeParked } from './postgres/take-parked.js';
import { insertSubjectNames, readSubjectNames } from './postgres/subject-names.js';
import { transaction } from './postgres/transaction.js';
import { upsertOrders } from './postgres/upsert-orders.js';
import { readExpectation, type Expectation } from './resolve-order.js';

export interface OrderLink extends LinkedIds {
  /** Default: the one vendor of this kind that is configured. */
  readonly vendor?: Vendor;
  /** What the order is to come to, in minor units. When set, another amount at the vendor goes to review. */
  readonly amountMinor?: number;
  /** ISO 4217. */
  readonly currency?: string;
}

export interface LinkOptions {
  /**
   * A client inside the merchant's own open transaction: the link is then committed, or rolled back, with it. The kit
   * opens a savepoint in it.
   */
  readonly tx?: SqlClient;
}

export type LinkResult =
  | { readonly linked: true }
  /** One of the ids belongs to another order here, or `orderRef` to another vendor. Nothing was changed. */
  | { readonly linked: false; readonly reason: 'other-order' | 'other-vendor'; readonly orderRef: string };

/**
 * Ties a purchase at a linked vendor to the merchant's order, in one transaction; see `FulfillmentKit.linkOrder`.
 * @throws {ConfigurationError} `invalid-option`, and whatever the database throws.
 */
export async function linkOrder(
  context: KitContext,
  orderRef: string,
  link: OrderLink,
  { tx }: LinkOptions = {},
): Promise<LinkResult> {
  const adapter = vendorOf(context, link.vendor);
  const { orderId, sessionId, amountMinor, currency } = link;
  const ids = adapter.readLink({
    ...(orderId === undefined ? {} : { orderId }),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
  const terms = readExpectation({ orderRef, amountMinor, currency }, 'linkOrder: its');
  const work = (sql: SqlClient): Promise<News> => tie(sql, context, adapter.name, terms, ids);
  try {
    context.announce(
      tx === undefined
        ? await transaction(context.database, work)
        : { ...(await within(tx, work)), uncommitted: true },
    );
    return { linked: true };
  } catch (error) {
    if (error instanceof LinkRefusedError) return error.result;
    throw error;
  }
}

/** Everything that linking writes, in the caller's transaction. @throws {LinkRefusedError} it must be rolled back. */
export async function tie(
  sql: SqlClient,
  context: Pick<KitContext, 'tables' | 'schedule' | 'clock'>,
  vendor: Vendor,
  terms: Expectation,
  ids: Pick<Trigger, 'subject' | 'alias'>,
): Promise<News> {
  const { tables, clock } = context;
  const nowMs = clock();
  const { orderRef } = terms;
  // Orders are locked before anything else of theirs, here as everywhere.
  const [order] = await upsertOrders(
    sql,
    tables,
    [
      {
        ref: orderRef,
        vendor,
        unreferenced: null,
        facts: {},
        parkedUntilMs: null,
        statusIfNew: 'open',
        cause: 'link',
      },
    ],
    nowMs,
  );
  if (order !== undefined && order.vendor !== vendor) throw new LinkRefusedError('other-vendor', orderRef);

  const names = ids.alias === null ? [ids.subject] : [ids.subject, ids.alias];
  const known = await readSubjectNames(sql, tables, vendor, names);
  const subject = (known.find(({ name }) => name === ids.subject) ?? known[0])?.subject ?? ids.subject;
  await insertSubjectNames(sql, tables, vendor, subject, names);
  // Read again: another link may have given one of the names away while we waited for it.
  const given = await readSubjectNames(sql, tables, vendor, names);
  const foreign = given.find((named) => named.orderRef !== null && named.orderRef !== orderRef);
  if (foreign?.orderRef !== undefined && foreign.orderRef !== null) {
    throw new LinkRefusedError('other-order', foreign.orderRef);
  }

  const expected = expectedFact(terms, subject, order?.facts ?? {}, nowMs);
  const news = await applyChanges(
    sql,
    context,
    [{ ref: orderRef, vendor, facts: expected === null ? [] : [expected], cause: `link:${subject}` }],
    nowMs,
    [{ vendor, subject, orderRef }],
  );
  await takeParked(sql, tables, vendor, subject, names);
  return { ...news, due: [...news.due, 'refetch'] };
}

/** `null`: the order is expected on these terms already. */
function expectedFact(
  { planId, amountMinor, currency }: Expectation,
  subject: string,
  facts: FactSet,
  nowMs: number,
): Extract<Fact, { kind: 'expected' }> | null {
  const before = Object.values(facts).filter((fact) => fact.kind === 'expected');
  const times = before.map(({ at }) => Date.parse(at));
  const latest = before.find(({ at }) => Date.parse(at) === Math.max(...times));
  if (latest !== undefined) {
    // Not named is not changed.
    const isSame = amountMinor === null || latest.amountMinor === amountMinor;
    if (isSame && (currency === null || latest.currency === currency)) return null;
  }
  const atMs = Math.max(nowMs, ...times.map((time) => time + 1));
  const attemptId = latest === undefined ? `link:${subject}` : `link:${subject}:${atMs}`;
  return { kind: 'expected', attemptId, at: new Date(atMs).toISOString(), planId, amountMinor, currency };
}

async function within(tx: SqlClient, work: (sql: SqlClient) => Promise<News>): Promise<News> {
  await tx.query('SAVEPOINT checkout_embed_link');
  try {
    // Nothing is kept on a connection that is not ours.
    const news = await work({ query: (text, values) => tx.query(text, values) });
    await tx.query('RELEASE SAVEPOINT checkout_embed_link');
    return news;
  } catch (error) {
    await tx.query('ROLLBACK TO SAVEPOINT checkout_embed_link');
    throw error;
  }
}

function vendorOf({ vendors }: KitContext, name: Vendor | undefined): LinkedVendor {
  const linked = [...vendors.values()].filter((vendor) => vendor.flow === 'linked');
  const found = name === undefined ? linked[0] : linked.find((vendor) => vendor.name === name);
  if (found !== undefined) return found;
  throw new ConfigurationError(
    'invalid-option',
    'linkOrder: no vendor whose orders are linked is configured in `vendors`, such as ledyer({ … })',
  );
}

/** Thrown so that the transaction is rolled back. */
export class LinkRefusedError extends Error {
  override readonly name = 'LinkRefusedError';
  readonly result: Extract<LinkResult, { linked: false }>;
  constructor(reason: 'other-order' | 'other-vendor', orderRef: string) {
    super(reason);
    this.result = { linked: false, reason, orderRef };
  }
}
