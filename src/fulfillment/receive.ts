import type { Vendor } from '../protocol/index.js';
import { applyChanges, DecideError, type OrderChange } from './apply.js';
import { keyOf, reviewOf, toArrival, toInboxRow, type Arrival } from './arrival.js';
import type { KitContext, News } from './context.js';
import { GroupCommit } from './group-commit.js';
import { matchPayments, type ProvenPayment } from './payments.js';
import { insertInbox } from './postgres/insert-inbox.js';
import { insertReviews } from './postgres/insert-reviews.js';
import { markDirty, subjectKey, type SubjectMark } from './postgres/mark-dirty.js';
import { placePayments, type PlacedPayment } from './postgres/place-payments.js';
import { scheduleSettlements } from './postgres/schedule-settlements.js';
import { isFaultOfTheRow, sqlStateOf } from './postgres/sql-state.js';
import { preparedTransaction } from './postgres/transaction.js';
import type { DeliveryHeaders, SqlClient, SignedVendor } from './ports.js';

/** `repeated`: it was recorded before, and nothing was done now. */
export type Received = 'recorded' | 'repeated' | 'to-review';

/**
 * How long a connection is kept ready for the next batch, in milliseconds. The batch before may need another one,
 * because it is done again or row by row, and the pool may have no more than this.
 */
const KEPT_READY_MS = 100;

/** The connection was given back: nothing has come to be recorded, and nothing was written. */
class NothingYetError extends Error {
  override readonly name = 'NothingYetError';
}

/** Records deliveries, many in one transaction. */
export class Receiver {
  readonly #context: KitContext;
  readonly #commits: GroupCommit<Arrival, Received>;

  constructor(context: KitContext) {
    this.#context = context;
    this.#commits = new GroupCommit({
      commit: (arrivals, committing) => this.#commit(arrivals, committing),
      batchSize: context.schedule.batchSize,
      queueSize: context.schedule.queueSize,
    });
  }

  /**
   * Verifies one delivery and records it durably; only then does it resolve.
   * @throws {SignatureError} and nothing is stored.
   * @throws {QueueFullError} and whatever the database throws: the vendor must send it again.
   */
  receive(adapter: SignedVendor, rawBody: Uint8Array, headers: DeliveryHeaders): Promise<Received> {
    const verified = adapter.verify(rawBody, headers, this.#context.clock());
    return this.#commits.add(toArrival(adapter, verified));
  }

  /** Deliveries that wait for the next transaction. */
  get depth(): number {
    return this.#commits.depth;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }

  async #commit(
    arrivals: Promise<readonly Arrival[]>,
    committing?: () => void,
  ): Promise<readonly Received[]> {
    try {
      return await this.#commitTogether(arrivals, committing);
    } catch (error) {
      if (!isFault(error)) throw error;
      const [arrival, ...others] = await arrivals;
      if (arrival === undefined) throw error;
      if (others.length === 0) return [await this.#commitToReview(arrival, error)];
      // One row's own fault must not cost its neighbors their commit: each goes alone.
      const results: Received[] = [];
      for (const one of [arrival, ...others]) results.push(...(await this.#commit(Promise.resolve([one]))));
      return results;
    }
  }

  /** The connection is taken and the transaction begun before there is anything to put into it. */
  async #commitTogether(
    arrivals: Promise<readonly Arrival[]>,
    committing?: () => void,
  ): Promise<readonly Received[]> {
    try {
      return await this.#commitReadily(arrivals, committing);
    } catch (error) {
      if (!(error instanceof NothingYetError)) throw error;
      await arrivals;
      return this.#commitReadily(arrivals, committing);
    }
  }

  async #commitReadily(
    arrivals: Promise<readonly Arrival[]>,
    committing?: () => void,
  ): Promise<readonly Received[]> {
    const { metrics } = this.#context;
    // Without the waiting for something to record.
    let startedMs = 0;
    const { results, news } = await preparedTransaction(
      this.#context.database,
      async (sql) => {
        const batch = await whileReady(arrivals);
        if (startedMs === 0) startedMs = performance.now();
        return this.#record(sql, batch, this.#context.clock());
      },
      committing,
    );
    metrics?.observe('checkout_embed_delivery_commit_seconds', (performance.now() - startedMs) / 1000, {});
    metrics?.observe('checkout_embed_delivery_batch_size', results.length, {});
    this.#context.announce(news);
    return results;
  }

  /** The receiving transaction: inbox, orders, decision, subjects. */
  async #record(
    sql: SqlClient,
    arrivals: readonly Arrival[],
    nowMs: number,
  ): Promise<{ readonly results: readonly Received[]; readonly news: News }> {
    const { tables, schedule } = this.#context;
    // A delivery that came twice within one batch is one row.
    const byKey = new Map(arrivals.map((arrival) => [keyOf(arrival), arrival]));
    const fresh = await insertInbox(sql, tables, [...byKey.values()].map(toInboxRow), nowMs);
    const isNew = [...byKey].filter(([key]) => fresh.has(key)).map(([, arrival]) => arrival);

    const changes: OrderChange[] = [];
    const marks = new Map<string, SubjectMark>();
    const payments: ProvenPayment[] = [];
    const statements = new Set<Vendor>();
    for (const arrival of isNew) {
      const { vendor, messageId, meaning } = arrival;
      if (meaning.kind === 'payment') {
        const { attemptKey: key, subject, payment } = meaning;
        payments.push({ vendor, key, messageId, subject, payment });
      }
      if (meaning.kind === 'batch') statements.add(vendor);
      if (meaning.kind !== 'subject') continue;
      const ref = fresh.get(keyOf(arrival)) ?? null;
      const mark = { vendor, subject: meaning.subject, orderRef: ref };
      const key = subjectKey(mark);
      // Of two deliveries about one subject the one that names the order counts.
      marks.set(key, { ...mark, orderRef: ref ?? marks.get(key)?.orderRef ?? null });
      if (ref === null) continue;
      const cause = `delivery:${messageId}`;
      changes.push({ ref, vendor, facts: meaning.facts, cause, parkedUntilMs: nowMs + schedule.parkMs });
    }
    let placed: readonly PlacedPayment[] = [];
    if (payments.length > 0) {
      // Attempt keys are locked before orders, here as everywhere.
      const matched = await matchPayments(sql, this.#context, payments, nowMs);
      changes.push(...matched.changes);
      placed = matched.placed;
    }
    const applied = await applyChanges(sql, this.#context, changes, nowMs, [...marks.values()]);
    await placePayments(sql, tables, placed);
    await scheduleSettlements(sql, tables, statements, nowMs);
    if (changes.length === 0) await markDirty(sql, tables, [...marks.values()], nowMs);

    const unreadable = await insertReviews(sql, tables, isNew.flatMap(reviewOf), nowMs);
    return {
      results: arrivals.map((arrival) => (fresh.has(keyOf(arrival)) ? 'recorded' : 'repeated')),
      news: {
        orderRefs: applied.orderRefs,
        due: [
          ...applied.due,
          ...(marks.size > 0 ? (['refetch'] as const) : []),
          ...(statements.size > 0 ? (['settlements'] as const) : []),
          ...(unreadable.length > 0 ? (['notify'] as const) : []),
        ],
        opened: [...(applied.opened ?? []), ...unreadable],
      },
    };
  }

  /** Genuine, and not to be stored as it is: its bytes are kept and a person looks. */
  async #commitToReview(arrival: Arrival, error: unknown): Promise<Received> {
    const state = sqlStateOf(error);
    this.#context.log({
      level: 'error',
      event: 'receive.to-review',
      message: 'A genuine delivery could not be recorded as it is; a person must look',
      fields: { vendor: arrival.vendor, sqlState: state, error: error instanceof Error ? error.name : null },
    });
    const why = state === null ? 'its order could not be decided' : `the database refused it (${state})`;
    await this.#commitTogether(
      Promise.resolve([{ ...arrival, meaning: { kind: 'unreadable' as const, topic: '', why } }]),
    );
    return 'to-review';
  }
}

/** @throws {NothingYetError} */
async function whileReady<T>(arrivals: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NothingYetError()), KEPT_READY_MS);
  });
  return Promise.race([arrivals, over]).finally(() => clearTimeout(timer));
}

function isFault(error: unknown): boolean {
  return isFaultOfTheRow(error) || error instanceof DecideError;
}
