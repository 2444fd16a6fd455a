/** What tests of the Siglume adapter share: options that are plainly fake, vectors, and deliveries signed by hand. */
import { createHmac } from 'node:crypto';
import type { SiglumeOptions } from '../../src/fulfillment/vendors/siglume/index.js';
import file from './siglume-vectors.json' with { type: 'json' };

/** The vendor's scheme in fixed vectors: signatures, what to accept and refuse, challenges. */
export const VECTORS = file;

export const SIGLUME_SECRET = 'whsec_not_a_real_secret';

export const SIGLUME_OPTIONS: SiglumeOptions = {
  merchant: 'nordlys_shop',
  merchantToken: 'fake-token',
  webhookSecrets: [SIGLUME_SECRET],
  returnOrigins: ['https://shop.example'],
  apiBaseUrl: 'http://127.0.0.1:9/v1',
};

/** The header of a delivery signed over exactly these bytes, at exactly this time text. */
export function siglumeHeader(
  body: Uint8Array | string,
  at: number | string,
  secret = SIGLUME_SECRET,
): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`;
}

/** A confirmation that settles, for a test to change. */
export function settledData(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    mode: 'external_402',
    merchant: 'nordlys_shop',
    requirement_id: 'dpr_1',
    direct_payment_requirement_id: 'dpr_1',
    challenge_hash: 'sha256:abc',
    amount_minor: 1200,
    currency: 'JPY',
    token_symbol: 'JPYC',
    pricing_band: 'standard',
    settlement_cadence: 'per_payment',
    finality: 'per_payment_onchain',
    settlement_status: 'settled',
    chain_receipt_id: 'chain_1',
    ...change,
  };
}

export function meteredData(change: Record<string, unknown> = {}): Record<string, unknown> {
  return settledData({
    amount_minor: 100,
    pricing_band: 'micro',
    settlement_cadence: 'weekly',
    finality: 'aggregated_onchain_settlement',
    settlement_status: 'pending_settlement',
    chain_receipt_id: undefined,
    ...change,
  });
}

export function batchData(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    mode: 'metered_settlement_batch',
    pricing_band: 'nano',
    settlement_cadence: 'monthly',
    finality: 'aggregated_onchain_settlement',
    settlement_status: 'settled',
    settlement_batch_id: 'msb_1',
    chain_receipt_id: 'chain_1',
    usage_event_digest: 'sha256:def',
    settled_at: '2026-06-20T12:00:00Z',
    ...change,
  };
}

export function eventBody(data: unknown, change: Record<string, unknown> = {}): Uint8Array {
  const event = {
    id: 'evt_1',
    type: 'direct_payment.confirmed',
    api_version: '2026-06-20',
    occurred_at: '2026-06-20T12:00:00Z',
    data,
    ...change,
  };
  return new TextEncoder().encode(JSON.stringify(event));
}
