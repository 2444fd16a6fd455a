/**
 * What does a `direct_payment.confirmed` prove? The vendor's decision table, row by row: the first that fits
 * wins, and whatever is not exactly as one of them says is `unknown`. Pure and total.
 */
import type { JsonRecord } from '../../../protocol/index.js';
import type { SiglumeEvent } from './envelope.js';
import { presentText } from './fields.js';
import { SETTLEMENT_CADENCE, type MeteredBand, type SettlementCadence } from './pricing.js';

export const CONFIRMED = 'direct_payment.confirmed';

export type UnknownReason =
  | 'not_direct_payment_confirmed'
  | 'unsupported_confirmation_mode'
  | 'invalid_metered_settlement_confirmation'
  | 'missing_standard_settlement_fields'
  | 'missing_metered_usage_fields'
  | 'unknown_confirmation_shape';

export type Classification =
  /** The readiness check's harmless event: no order is touched, nobody is asked to look. */
  | { readonly kind: 'readiness_probe' }
  /** The money has moved. */
  | {
      readonly kind: 'standard_settled';
      readonly requirementId: string;
      readonly challengeHash: string;
      readonly chainReceiptId: string;
      readonly requestHashV2: string | null;
    }
  /** A small payment was accepted. Its money moves later, in a batch, or never. */
  | {
      readonly kind: 'metered_usage_accepted';
      readonly pricingBand: MeteredBand;
      readonly settlementCadence: SettlementCadence;
      readonly requirementId: string;
      readonly challengeHash: string;
      readonly requestHashV2: string | null;
    }
  /** A batch of small payments has settled. Names none of them: only the statements do. */
  | {
      readonly kind: 'metered_batch_settled';
      readonly pricingBand: MeteredBand;
      readonly settlementCadence: SettlementCadence;
      readonly settlementBatchId: string;
      readonly chainReceiptId: string;
      readonly usageEventDigest: string;
      readonly settledAt: string | null;
    }
  /** Proves nothing by itself. */
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly evidence: UnknownEvidence };

/** What an unknown event said of itself, for the person who looks. */
export interface UnknownEvidence {
  readonly requirementId: string | null;
  readonly challengeHash: string | null;
  readonly settlementBatchId: string | null;
  readonly pricingBand: string | null;
  readonly settlementCadence: string | null;
  readonly settlementStatus: string | null;
  readonly finality: string | null;
}

/** Compares with case, on trimmed text; a field that is no text or empty is absent. */
export function classify({ type, data }: Pick<SiglumeEvent, 'type' | 'data'>): Classification {
  const fields = readFields(data);
  if (type !== CONFIRMED) return unknown('not_direct_payment_confirmed', fields);
  // Before the table, which would call it `unsupported_confirmation_mode`.
  if (data['readiness_probe'] === true || fields.mode === 'readiness_probe')
    return { kind: 'readiness_probe' };
  switch (fields.mode) {
    case 'metered_settlement_batch':
      return classifyBatch(fields);
    case 'external_402':
      return classifyPayment(fields);
    default:
      return unknown('unsupported_confirmation_mode', fields);
  }
}

function classifyBatch(fields: Fields): Classification {
  const { settlementStatus, finality, settlementBatchId, chainReceiptId, usageEventDigest, settledAt } =
    fields;
  const metered = meteredBandOf(fields);
  if (
    settlementStatus === 'settled' &&
    finality === 'aggregated_onchain_settlement' &&
    metered !== null &&
    settlementBatchId !== null &&
    chainReceiptId !== null &&
    usageEventDigest !== null
  ) {
    return {
      kind: 'metered_batch_settled',
      ...metered,
      settlementBatchId,
      chainReceiptId,
      usageEventDigest,
      settledAt,
    };
  }
  return unknown('invalid_metered_settlement_confirmation', fields);
}

function classifyPayment(fields: Fields): Classification {
  const { pricingBand, settlementStatus, finality, requirementId, challengeHash, chainReceiptId } = fields;
  const { requestHashV2 } = fields;
  switch (pricingBand) {
    case 'standard':
      // A wrong cadence still settles: the vendor does not look at it here.
      if (
        finality === 'per_payment_onchain' &&
        settlementStatus === 'settled' &&
        requirementId !== null &&
        challengeHash !== null &&
        chainReceiptId !== null
      ) {
        return { kind: 'standard_settled', requirementId, challengeHash, chainReceiptId, requestHashV2 };
      }
      return unknown('missing_standard_settlement_fields', fields);
    case 'micro':
    case 'nano': {
      const metered = meteredBandOf(fields);
      if (
        finality === 'aggregated_onchain_settlement' &&
        // Never `settled`: one payment of a batch does not settle alone.
        settlementStatus === 'pending_settlement' &&
        metered !== null &&
        requirementId !== null &&
        challengeHash !== null
      ) {
        return { kind: 'metered_usage_accepted', ...metered, requirementId, challengeHash, requestHashV2 };
      }
      return unknown('missing_metered_usage_fields', fields);
    }
    default:
      return unknown('unknown_confirmation_shape', fields);
  }
}

/** The band, where its cadence goes with it. */
function meteredBandOf({ pricingBand, settlementCadence }: Fields): {
  readonly pricingBand: MeteredBand;
  readonly settlementCadence: SettlementCadence;
} | null {
  if (pricingBand !== 'micro' && pricingBand !== 'nano') return null;
  const cadence = SETTLEMENT_CADENCE[pricingBand];
  return settlementCadence === cadence ? { pricingBand, settlementCadence: cadence } : null;
}

type Fields = ReturnType<typeof readFields>;

function readFields(data: JsonRecord) {
  const text = (field: string): string | null => presentText(data, field);
  return {
    mode: text('mode'),
    requirementId: text('requirement_id') ?? text('direct_payment_requirement_id'),
    challengeHash: text('challenge_hash'),
    requestHashV2: text('request_hash_v2'),
    pricingBand: text('pricing_band'),
    settlementCadence: text('settlement_cadence'),
    settlementStatus: text('settlement_status'),
    finality: text('finality'),
    chainReceiptId: text('chain_receipt_id'),
    settlementBatchId: text('settlement_batch_id'),
    usageEventDigest: text('usage_event_digest'),
    settledAt: text('settled_at'),
  } as const;
}

function unknown(reason: UnknownReason, fields: Fields): Classification {
  const { requirementId, challengeHash, settlementBatchId } = fields;
  const { pricingBand, settlementCadence, settlementStatus, finality } = fields;
  return {
    kind: 'unknown',
    reason,
    evidence: {
      requirementId,
      challengeHash,
      settlementBatchId,
      pricingBand,
      settlementCadence,
      settlementStatus,
      finality,
    },
  };
}
