/** A person asks the vendor about one order, now. */
import { randomUUID } from 'node:crypto';
import type { OrderStatus, Vendor } from '../protocol/index.js';
import { callVendor } from './call-vendor.js';
import type { KitContext } from './context.js';
import { VendorError } from './errors.js';
import { bringForward } from './postgres/bring-forward.js';
import { listOrders, type OrderHead } from './postgres/list-orders.js';
import { listSubjects } from './postgres/list-subjects.js';
import { takeSubject } from './postgres/take-subject.js';
import { transaction } from './postgres/transaction.js';
import type { Observation, FrameVendor } from './ports.js';
import { feedListed, reconcile } from './reconcile.js';
import { refetchOne } from './refetch.js';

/** A question that got no answer. What could be learned without it was written down. */
export interface ReconcileFailure {
  readonly vendor: Vendor;
  /** `null`: the list of what the vendor holds under the reference. */
  readonly subject: string | null;
  /** `not-found`: the vendor does not know the subject. `paused`: it asked us to wait. `late`: read by another worker. */
  readonly code: VendorError['code'] | 'not-found' | 'paused' | 'late' | 'unexpected';
  /** The vendor's own stable code, if it gave one. */
  readonly vendorCode: string | null;
}

export type ReconcileResult =
  | {
      /** `incomplete`: some question got no answer; see `failures`. */
      readonly outcome: 'reconciled' | 'incomplete';
      readonly orderRef: string;
      /** `null` only where no vendor answered for an order that is not known here. */
      readonly vendor: Vendor | null;
      /** `before` is `null` for an order that was not known here; `after` where it is not known still. */
      readonly status: { readonly before: OrderStatus | null; readonly after: OrderStatus | null };
      readonly openReviews: { readonly before: number; readonly after: number };
      /** What the vendor says now, each with whether it was new here. */
      readonly found: readonly (Observation & { readonly isNew: boolean })[];
      readonly failures: readonly ReconcileFailure[];
    }
  /** No order of this reference here, and every vendor was asked and has nothing under it. */
  | { readonly outcome: 'not-found' }
  /** The order's vendor is not among `vendors`. */
  | { readonly outcome: 'vendor-not-configured'; readonly vendor: Vendor };

/**
 * Asks by reference and by each known subject, outside any transaction, and feeds the answers as every other
 * reading. What follows, such as an effect, is run by whichever process works in the background.
 * @throws whatever the database throws; a vendor's trouble is in the result.
 */
export async function reconcileOrder(context: KitContext, orderRef: string): Promise<ReconcileResult> {
  const { vendors } = context;
  const before = await readHead(context, orderRef);
  const own = before === null ? undefined : vendors.get(before.vendor);
  if (before !== null && own === undefined) {
    return { outcome: 'vendor-not-configured', vendor: before.vendor };
  }
  const failures: ReconcileFailure[] = [];
  const fresh = new Map<string, Observation>();
  // An order without a reference of ours is named after its subject: nothing is filed under that name.
  if (before === null || before.unreferenced === null) {
    for (const adapter of own === undefined ? vendors.values() : [own]) {
      if (adapter.flow !== 'frame') continue;
      const listed = await list(context, adapter, orderRef, failures);
      for (const one of await feed(context, adapter.name, orderRef, listed)) fresh.set(one.subject, one);
      // One order has one vendor.
      if (listed.length > 0) break;
    }
  }
  if (own?.flow === 'redirect') await askAboutCheckouts(context, own.name, orderRef, failures);
  const read = await readSubjects(context, orderRef, fresh, failures);

  const after = await readHead(context, orderRef);
  if (after === null && failures.length === 0) return { outcome: 'not-found' };
  return {
    outcome: failures.length === 0 ? 'reconciled' : 'incomplete',
    orderRef,
    vendor: after?.vendor ?? null,
    status: { before: before?.status ?? null, after: after?.status ?? null },
    openReviews: { before: before?.openReviews ?? 0, after: after?.openReviews ?? 0 },
    found: [
      ...[...fresh.values()].map((observation) => ({ ...observation, isNew: true })),
      ...read.map((observation) => ({ ...observation, isNew: false })),
    ],
    failures,
  };
}

async function readHead({ database, tables }: KitContext, ref: string): Promise<OrderHead | null> {
  return (await listOrders(database, tables, { ref }))[0] ?? null;
}

async function list(
  context: KitContext,
  adapter: FrameVendor,
  orderRef: string,
  failures: ReconcileFailure[],
): Promise<readonly Observation[]> {
  const about = { vendor: adapter.name, subject: null };
  if (isPaused(context, adapter.name)) {
    failures.push({ ...about, code: 'paused', vendorCode: null });
    return [];
  }
  try {
    const listed = await callVendor(context, adapter.name, 'list_by_reference', (signal) =>
      adapter.listByReference(orderRef, signal, context.log),
    );
    // A vendor's filter is not our proof.
    return listed.filter(({ reference }) => reference === orderRef);
  } catch (error) {
    failures.push({ ...about, ...codesOf(error) });
    return [];
  }
}

/** Nothing is filed under the order at such a vendor: its hosted checkouts are asked about, as on schedule. */
async function askAboutCheckouts(
  context: KitContext,
  vendor: Vendor,
  orderRef: string,
  failures: ReconcileFailure[],
): Promise<void> {
  if (isPaused(context, vendor)) {
    failures.push({ vendor, subject: null, code: 'paused', vendorCode: null });
    return;
  }
  const { database, tables, clock } = context;
  await bringForward(database, tables, { vendor, orderRef, nowMs: clock() });
  await reconcile(context, vendor);
}

/** @returns what was not known here before. What is known is read in its own turn. */
async function feed(
  context: KitContext,
  vendor: Vendor,
  orderRef: string,
  listed: readonly Observation[],
): Promise<readonly Observation[]> {
  const { database, tables, clock, schedule } = context;
  const known = new Set((await listSubjects(database, tables, orderRef)).map(({ subject }) => subject));
  const unknown = listed.filter(({ subject }) => !known.has(subject));
  const fed = await transaction(database, (sql) =>
    feedListed(
      sql,
      context,
      { vendor, orderRef, cause: 'reconcile:by-hand', parkedUntilMs: clock() + schedule.parkMs },
      unknown,
    ),
  );
  context.announce(fed);
  return unknown.filter(({ subject }) => fed.fresh.includes(subject));
}

async function readSubjects(
  context: KitContext,
  orderRef: string,
  fresh: ReadonlyMap<string, Observation>,
  failures: ReconcileFailure[],
): Promise<readonly Observation[]> {
  const { database, tables, clock, schedule } = context;
  const subjects = (await listSubjects(database, tables, orderRef)).filter(
    ({ subject }) => !fresh.has(subject),
  );
  const read: Observation[] = [];
  // One after the other: a lease must not run out while others are asked about.
  for (const { vendor, subject } of subjects) {
    if (isPaused(context, vendor)) {
      failures.push({ vendor, subject, code: 'paused', vendorCode: null });
      continue;
    }
    const leaseUntilMs = clock() + schedule.leaseSeconds * 1000;
    const claim = await takeSubject(database, tables, { vendor, subject, token: randomUUID(), leaseUntilMs });
    if (claim === null) continue;
    const reading = await refetchOne(context, claim);
    switch (reading.outcome) {
      case 'read':
        read.push(reading.observation);
        break;
      case 'failed':
        failures.push({ vendor, subject, ...codesOf(reading.error) });
        break;
      case 'late':
        failures.push({ vendor, subject, code: 'late', vendorCode: null });
        break;
      case 'unknown':
        failures.push({ vendor, subject, code: 'not-found', vendorCode: null });
        break;
    }
  }
  return read;
}

function isPaused({ pauses }: KitContext, vendor: Vendor): boolean {
  return pauses.allowed([vendor]).length === 0;
}

function codesOf(error: unknown): Pick<ReconcileFailure, 'code' | 'vendorCode'> {
  if (error instanceof VendorError) return { code: error.code, vendorCode: error.vendorCode };
  return { code: 'unexpected', vendorCode: null };
}
