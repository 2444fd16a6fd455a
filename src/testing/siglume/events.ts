/** What a webhook says, before it is put into an envelope. */
import type { SettlementBatchRecord } from './metered-records.js';
import { CADENCE, meteredAmounts, decimal, TOKEN } from './money.js';
import type { SiglumePayment } from './payments.js';

export interface SiglumeWebhookEvent {
  readonly type: string;
  /** Whoever listens to this type gets it. Default: its own. */
  readonly listenedAs?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const EVENT_TYPES = ['direct_payment.confirmed', 'direct_payment.spent'] as const;

/** A payment that settled, or a small one that was accepted. */
export function confirmationOf(payment: SiglumePayment): SiglumeWebhookEvent {
  const { session, band, requirementId, settlementStatus, chainReceiptId } = payment;
  const isStandard = band === 'standard';
  return {
    type: 'direct_payment.confirmed',
    data: {
      mode: 'external_402',
      merchant: session.merchant,
      requirement_id: requirementId,
      direct_payment_requirement_id: requirementId,
      challenge_hash: session.challengeHash,
      request_hash_v2: session.requestHash,
      amount_minor: session.amountMinor,
      currency: session.currency,
      token_symbol: TOKEN[session.currency],
      pricing_band: band,
      settlement_cadence: CADENCE[band],
      finality: isStandard ? 'per_payment_onchain' : 'aggregated_onchain_settlement',
      settlement_status: settlementStatus,
      ...(isStandard
        ? { chain_receipt_id: chainReceiptId, protocol_fee_minor: decimal(payment.feeTenths) }
        : meteredAmounts(session.amountMinor, payment.feeTenths)),
      environment: 'sandbox',
    },
  };
}

/** A batch that settled. It names no payment of it. */
export function batchSettled(batch: SettlementBatchRecord): SiglumeWebhookEvent {
  return {
    type: 'direct_payment.confirmed',
    data: {
      mode: 'metered_settlement_batch',
      pricing_band: batch.band,
      settlement_cadence: CADENCE[batch.band],
      finality: 'aggregated_onchain_settlement',
      settlement_status: 'settled',
      settlement_batch_id: batch.id,
      chain_receipt_id: batch.chainReceiptId,
      usage_event_digest: batch.digest,
      settled_at: batch.settledAt,
      settlement_trigger: batch.trigger,
      ...meteredAmounts(batch.grossMinor, batch.feeTenths),
      environment: 'sandbox',
    },
  };
}

/** What the readiness check has sent. */
export function readinessProbe(merchant: string, nowMs: number): SiglumeWebhookEvent {
  const requirementId = `dpr_readiness_${nowMs}`;
  return {
    type: 'direct_payment.confirmed',
    data: {
      mode: 'readiness_probe',
      readiness_probe: true,
      merchant,
      requirement_id: requirementId,
      direct_payment_requirement_id: requirementId,
      challenge_hash: 'sha256:readiness_probe',
      pricing_band: 'standard',
      settlement_status: 'readiness_probe',
    },
  };
}
