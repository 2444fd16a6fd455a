/**
 * Small payments: accepted now, gathered per buyer, token and band, and debited later in a batch, if that succeeds. A
 * period closes on its slot or at the threshold; after notice and 72 hours the debit is tried, and tried again.
 */
import { createHash } from 'node:crypto';
import type { ActivityFeed } from '../ledgerbee/activity.js';
import type { VendorTime } from '../ledgerbee/clock.js';
import { batchSettled, type SiglumeWebhookEvent } from './events.js';
import type { CheckoutSession } from './checkout-sessions.js';
import { ApiFailure } from './failure.js';
import type { FaultName } from './faults.js';
import { newId } from './ids.js';
import {
  isIn,
  isTerminal,
  type MeteredUsageRecord,
  type Scope,
  type SettlementBatchRecord,
} from './metered-records.js';
import { SETTLEMENT_THRESHOLD_MINOR, TOKEN, type MeteredBand } from './money.js';
import type { SiglumePayment } from './payments.js';
import type { Switches } from '../shared/switches.js';

const HOUR_MS = 3_600_000;
const SLOT_MS = { micro: 7 * 24 * HOUR_MS, nano: 30 * 24 * HOUR_MS } as const;
/** From close and notice to the first debit. */
const NOTICE_MS = 72 * HOUR_MS;
const RETRY_MS = 6 * HOUR_MS;
/** Seven days of it; then past due, until an operator acts. */
const RETRIES = 28;

interface Parts {
  readonly time: VendorTime;
  readonly faults: Switches<FaultName>;
  readonly activity: ActivityFeed;
  readonly emit: (events: readonly SiglumeWebhookEvent[]) => void;
}

export class Metered {
  readonly #parts: Parts;
  readonly #usages = new Map<string, MeteredUsageRecord>();
  readonly #batches = new Map<string, SettlementBatchRecord>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws {ApiFailure} 409 while this buyer's earlier small payments are over the threshold, or failed. Nothing is charged. */
  requireRoom({ buyer, currency }: CheckoutSession, band: MeteredBand): void {
    const scope: Scope = { buyer: buyer ?? '', band, currency };
    const unsettled = this.batches().filter((batch) => isIn(batch, scope) && !isTerminal(batch));
    const exposure = [...unsettled, ...this.#open(scope)].reduce(
      (sum, { grossMinor }) => sum + grossMinor,
      0,
    );
    const isBlocked = unsettled.some(({ status }) => status === 'failed' || status === 'past_due');
    if (isBlocked || exposure >= SETTLEMENT_THRESHOLD_MINOR) {
      throw new ApiFailure(409, 'METERED_SETTLEMENT_PAST_DUE', 'Earlier small payments are not settled');
    }
  }

  accept({ requirementId, session, feeTenths, band }: SiglumePayment): void {
    if (band === 'standard') return;
    const scope: Scope = { buyer: session.buyer ?? '', band, currency: session.currency };
    const isFirst = this.#open(scope).length === 0;
    const usage: MeteredUsageRecord = {
      ...scope,
      id: newId('mu'),
      requirementId,
      grossMinor: session.amountMinor,
      feeTenths,
      batchId: null,
      createdAt: this.#parts.time.iso(),
    };
    this.#usages.set(usage.id, usage);
    const accrued = this.#open(scope).reduce((sum, { grossMinor }) => sum + grossMinor, 0);
    if (accrued >= SETTLEMENT_THRESHOLD_MINOR) this.#close(scope, 'amount_threshold');
    else if (isFirst) this.#after(SLOT_MS[band], () => this.#close(scope, 'scheduled_close'));
  }

  /** Oldest first. */
  usages(): readonly MeteredUsageRecord[] {
    return [...this.#usages.values()];
  }

  /** Oldest first. */
  batches(): readonly SettlementBatchRecord[] {
    return [...this.#batches.values()];
  }

  /** @throws {RangeError} */
  requireBatch(id: string): SettlementBatchRecord {
    const batch = this.#batches.get(id);
    if (batch === undefined) throw new RangeError(`no such settlement batch: ${id}`);
    return batch;
  }

  /** Closes every open period, as its slot would. */
  closePeriods(): readonly SettlementBatchRecord[] {
    const before = new Set(this.#batches.keys());
    for (const usage of this.usages()) if (usage.batchId === null) this.#close(usage, 'scheduled_close');
    return this.batches().filter(({ id }) => !before.has(id));
  }

  /** The debit goes through, whenever it was due. */
  settle(id: string): SettlementBatchRecord {
    this.#requireOpen(id);
    const settledAt = this.#parts.time.iso();
    const batch = this.#update(id, { status: 'settled', chainReceiptId: newId('chain'), settledAt });
    this.#parts.emit([batchSettled(batch)]);
    return batch;
  }

  /** The debit fails, and is tried again in six hours; after the last time it stays past due. */
  fail(id: string): SettlementBatchRecord {
    const failures = this.#requireOpen(id).failures + 1;
    if (failures > RETRIES) return this.#update(id, { status: 'past_due', failures });
    this.#after(RETRY_MS, () => this.#debit(id, failures));
    return this.#update(id, { status: 'failed', failures });
  }

  /**
   * What else becomes of it: the debit was sent and its result is not known yet, or an operator's verdict, of which the
   * last two are final.
   */
  mark(
    id: string,
    status: 'submitted' | 'past_due' | 'uncollectible' | 'written_off',
  ): SettlementBatchRecord {
    this.#requireOpen(id);
    const isFinal = status === 'uncollectible' || status === 'written_off';
    const terminalMarkedAt = isFinal ? this.#parts.time.iso() : null;
    return this.#update(id, { status, terminalMarkedAt });
  }

  #open(scope: Scope): readonly MeteredUsageRecord[] {
    return this.usages().filter((usage) => usage.batchId === null && isIn(usage, scope));
  }

  #close({ buyer, band, currency }: Scope, trigger: SettlementBatchRecord['trigger']): void {
    const usages = this.#open({ buyer, band, currency });
    if (usages.length === 0) return;
    const ids = usages.map(({ id }) => id).join('\n');
    const batch: SettlementBatchRecord = {
      id: newId('msb'),
      buyer,
      band,
      currency,
      trigger,
      status: 'notice_pending',
      grossMinor: usages.reduce((sum, { grossMinor }) => sum + grossMinor, 0),
      feeTenths: usages.reduce((sum, { feeTenths }) => sum + feeTenths, 0),
      digest: `sha256:${createHash('sha256').update(ids).digest('hex')}`,
      failures: 0,
      chainReceiptId: null,
      createdAt: this.#parts.time.iso(),
      notBeforeAttemptAt: null,
      settledAt: null,
      terminalMarkedAt: null,
    };
    this.#batches.set(batch.id, batch);
    for (const usage of usages) this.#usages.set(usage.id, { ...usage, batchId: batch.id });
    this.#notify(batch.id);
  }

  #notify(id: string): void {
    const { faults, time } = this.#parts;
    if (faults.take('notice-fails')) {
      this.#update(id, { status: 'notice_delivery_failed' });
      this.#after(RETRY_MS, () => {
        if (this.requireBatch(id).status === 'notice_delivery_failed') this.#notify(id);
      });
      return;
    }
    const waitMs = time.lifetime(NOTICE_MS);
    this.#update(id, { status: 'ready', notBeforeAttemptAt: time.iso(time.now() + waitMs) });
    time.after(waitMs, () => this.#debit(id, 0));
  }

  /** Only if nothing else has happened to the batch meanwhile. */
  #debit(id: string, failuresThen: number): void {
    const { status, failures } = this.requireBatch(id);
    if (failures !== failuresThen || (status !== 'ready' && status !== 'failed')) return;
    if (this.#parts.faults.take('debit-fails')) this.fail(id);
    else this.settle(id);
  }

  #after(vendorMs: number, run: () => void): void {
    const { time } = this.#parts;
    time.after(time.lifetime(vendorMs), run);
  }

  #requireOpen(id: string): SettlementBatchRecord {
    const batch = this.requireBatch(id);
    if (isTerminal(batch)) throw new RangeError(`settlement batch ${id} is ${batch.status} for good`);
    return batch;
  }

  #update(id: string, change: Partial<SettlementBatchRecord>): SettlementBatchRecord {
    const batch = { ...this.requireBatch(id), ...change };
    this.#batches.set(id, batch);
    const { status, currency, grossMinor } = batch;
    const amount = `${grossMinor} ${TOKEN[currency]}`;
    this.#parts.activity.add('payment', `batch of ${amount} ${status}`, { id, status });
    return batch;
  }
}
