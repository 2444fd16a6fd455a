/** What is kept of small payments and of the batches they settle in. */
import type { Currency, MeteredBand } from './money.js';

export interface MeteredUsageRecord {
  readonly id: string;
  readonly requirementId: string;
  readonly buyer: string;
  readonly band: MeteredBand;
  readonly currency: Currency;
  readonly grossMinor: number;
  /** Tenths of a minor unit. */
  readonly feeTenths: number;
  /** `null` while its period is open. */
  readonly batchId: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

export type BatchStatus =
  | 'notice_pending'
  | 'notice_delivery_failed'
  | 'ready'
  | 'submitted'
  | 'failed'
  | 'past_due'
  | 'settled'
  | 'uncollectible'
  | 'written_off';

export interface SettlementBatchRecord {
  readonly id: string;
  readonly buyer: string;
  readonly band: MeteredBand;
  readonly currency: Currency;
  readonly status: BatchStatus;
  readonly grossMinor: number;
  readonly feeTenths: number;
  readonly trigger: 'scheduled_close' | 'amount_threshold';
  /** `sha256:` over the usages' ids. */
  readonly digest: string;
  readonly failures: number;
  readonly chainReceiptId: string | null;
  /** ISO 8601, as the rest. */
  readonly createdAt: string;
  readonly notBeforeAttemptAt: string | null;
  readonly settledAt: string | null;
  readonly terminalMarkedAt: string | null;
}

/** Whose payments settle together. */
export interface Scope {
  readonly buyer: string;
  readonly band: MeteredBand;
  readonly currency: Currency;
}

export function isTerminal({ status }: SettlementBatchRecord): boolean {
  return status === 'settled' || status === 'uncollectible' || status === 'written_off';
}

export function isIn(item: Scope, { buyer, band, currency }: Scope): boolean {
  return item.buyer === buyer && item.band === band && item.currency === currency;
}
