/** Reads the vendor's statements about payments that were only accepted: past due and given up send no webhook. */
import { randomUUID } from 'node:crypto';
import type { Vendor } from '../protocol/index.js';
import { applyChanges, type OrderChange } from './apply.js';
import { backoffMs } from './backoff.js';
import { callVendor } from './call-vendor.js';
import type { KitContext, News } from './context.js';
import { VendorError } from './errors.js';
import type { Fact } from './order-facts.js';
import { outstandingPayments } from './order-settlement.js';
import { insertReviews } from './postgres/insert-reviews.js';
import { listOutstanding } from './postgres/list-outstanding.js';
import {
  claimSettlementReading,
  finishSettlementReading,
  type SettlementClaim,
} from './postgres/settlement-reading.js';
import { transaction } from './postgres/transaction.js';
import type { SettlementStatements, SettlementUsage } from './ports.js';

/** How long one reading may take, in seconds: statements come page by page, and there may be many. */
const READING_SECONDS = 600;
/** Orders read at a time. */
const PAGE = 500;
/** Orders changed in one transaction. */
const CHUNK = 50;

type Standing = Extract<Fact, { kind: 'settlement' }>['standing'];

/** An accepted payment that is not settled, as it was read last. */
interface Outstanding {
  readonly orderRef: string;
  readonly before: Standing | null;
}

/**
 * One reading of a vendor's statements, if it is time: on its schedule, or because a batch has settled.
 * @returns how many readings it did.
 */
export async function readSettlements(context: KitContext, vendor: Vendor): Promise<number> {
  const adapter = context.vendors.get(vendor);
  if (adapter?.flow !== 'redirect' || context.pauses.allowed([vendor]).length === 0) return 0;
  const { database, tables, clock, schedule } = context;
  const nowMs = clock();
  const claim = await claimSettlementReading(database, tables, {
    vendor,
    token: randomUUID(),
    nowMs,
    leaseUntilMs: nowMs + READING_SECONDS * 1000,
  });
  if (claim === null) return 0;
  try {
    const outstanding = await readOutstanding(context, vendor);
    if (outstanding.size > 0) await readInto(context, claim, adapter.statements, outstanding);
    // Also with nothing outstanding: a payment may have been accepted meanwhile.
    await finishSettlementReading(database, tables, claim, {
      nextAtMs: clock() + schedule.settlementEveryMs,
      failures: 0,
    });
  } catch (error) {
    const failures = claim.failures + 1;
    const waitMs = backoffMs(schedule, failures, error instanceof VendorError ? error.retryAfterMs : null);
    await finishSettlementReading(database, tables, claim, { nextAtMs: clock() + waitMs, failures });
    if (!(error instanceof VendorError)) throw error;
    context.log({
      level: 'warn',
      event: 'settlements.failed',
      message: 'The statements could not be read; they are read again',
      fields: { vendor, why: error.code, failures, waitMs },
    });
  }
  return 1;
}

async function readOutstanding(
  { database, tables }: KitContext,
  vendor: Vendor,
): Promise<ReadonlyMap<string, Outstanding>> {
  const outstanding = new Map<string, Outstanding>();
  for (let after = ''; ;) {
    const orders = await listOutstanding(database, tables, { vendor, after, limit: PAGE });
    for (const { ref: orderRef, facts } of orders) {
      for (const [subject, before] of outstandingPayments(facts))
        outstanding.set(subject, { orderRef, before });
    }
    const last = orders.at(-1);
    if (last === undefined || orders.length < PAGE) return outstanding;
    after = last.ref;
  }
}

async function readInto(
  context: KitContext,
  claim: SettlementClaim,
  statements: SettlementStatements,
  outstanding: ReadonlyMap<string, Outstanding>,
): Promise<void> {
  const { vendor, generation } = claim;
  const patient = { ...context, schedule: { ...context.schedule, leaseSeconds: READING_SECONDS } };
  const { standings, unnamed } = await callVendor(patient, vendor, 'read_statements', (signal) =>
    gather(statements, outstanding, signal),
  );
  const changes = [...standings].flatMap(([subject, standing]): OrderChange[] => {
    const known = outstanding.get(subject);
    // Still open is what it was from the beginning: an order that waits for weeks does not grow by it.
    if (known === undefined || standing === (known.before ?? 'open')) return [];
    return [
      {
        ref: known.orderRef,
        vendor,
        facts: [{ kind: 'settlement', subject, generation, standing }],
        cause: `statements:${generation}`,
      },
    ];
  });
  for (let from = 0; from < changes.length; from += CHUNK) {
    const chunk = changes.slice(from, from + CHUNK);
    context.announce(
      await transaction(context.database, (sql) => applyChanges(sql, context, chunk, context.clock())),
    );
  }
  const unmatched = outstanding.size - standings.size;
  if (unnamed > 0 && unmatched > 0)
    context.announce(await reviewUnnamed(context, vendor, unnamed, unmatched));
}

/** What the statements say of the payments that are waited for. */
async function gather(
  statements: SettlementStatements,
  outstanding: ReadonlyMap<string, Outstanding>,
  signal: AbortSignal,
): Promise<{ readonly standings: ReadonlyMap<string, Standing>; readonly unnamed: number }> {
  const found = new Map<string, SettlementUsage>();
  let unnamed = 0;
  for await (const usage of statements.listUsages(signal)) {
    if (usage.subject === null) unnamed += 1;
    else if (outstanding.has(usage.subject)) found.set(usage.subject, usage);
    // The statements go back to the beginning: what is behind the last that is waited for is none of ours.
    if (found.size === outstanding.size) break;
  }
  const batches = new Map<string, Standing>();
  const standings = new Map<string, Standing>();
  for (const [subject, { batchId, addsUp }] of found) {
    if (batchId !== null && !batches.has(batchId)) {
      batches.set(batchId, (await statements.readBatch(batchId, signal)) ?? 'unknown');
    }
    const standing = batchId === null ? 'open' : (batches.get(batchId) ?? 'unknown');
    standings.set(subject, addsUp ? standing : 'unclear');
  }
  return { standings, unnamed };
}

/** Said once: statements that do not name their payments can settle none of them by themselves. */
async function reviewUnnamed(
  { database, tables, clock }: KitContext,
  vendor: Vendor,
  unnamed: number,
  unmatched: number,
): Promise<News> {
  const opened = await transaction(database, (sql) =>
    insertReviews(
      sql,
      tables,
      [
        {
          orderRef: null,
          vendor,
          key: `settlement_unclear:${vendor}`,
          reason: 'settlement_unclear',
          evidence: { why: 'the statements do not name the payment of a usage', unnamed, unmatched },
        },
      ],
      clock(),
    ),
  );
  return { orderRefs: [], due: opened.length > 0 ? ['notify'] : [], opened };
}
