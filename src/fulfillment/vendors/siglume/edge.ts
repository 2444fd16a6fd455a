/** Siglume SDRP: what its deliveries prove, and its API, behind one object. */
import type { DeliveryHeaders, VerifiedDelivery } from '../../ports.js';
import { expectChallengeHash } from './challenge.js';
import {
  openCheckout,
  readCheckout,
  type CheckoutReading,
  type CheckoutRequest,
  type OpenedCheckout,
} from './checkout.js';
import { decodeDelivery, type SiglumeMeaning } from './decode.js';
import { readOptions, type SiglumeOptions } from './options.js';
import { pricingBandOf } from './pricing.js';
import { readReadiness, type Readiness } from './readiness.js';
import { listUsages, readBatch, type MeteredUsage, type SettlementBatch } from './statements.js';
import { compareTerms, isCurrency, type ClaimedTerms, type TermsMismatch } from './terms.js';
import { verifyDelivery } from './verify.js';

/** What the merchant's own order asks for. */
export interface Price {
  /** Minor units. */
  readonly amountMinor: number;
  readonly currency: string;
}

/** Siglume's side of the kit. Makes no call before it is asked to; calls are bounded by `timeoutMs`. */
export interface SiglumeEdge {
  readonly name: 'siglume';
  /** Any 2xx stops the retries; there is nothing to say. */
  readonly acceptedStatus: 204;
  /** Where a buyer may be sent back to. */
  readonly returnOrigins: readonly string[];
  /** Where every buyer comes back to; `null`: the page the checkout was started on. */
  readonly returnUrl: string | null;
  readonly allowMeteredPayments: boolean;
  /**
   * Checks signature and time over the raw bytes; touches no store.
   * @throws {SignatureError}
   */
  verify(rawBody: Uint8Array, headers: DeliveryHeaders, nowMs: number): VerifiedDelivery;
  /** Never throws: what is not understood is `unreadable`. */
  decode(delivery: VerifiedDelivery): SiglumeMeaning;
  /** Every way in which an event, or a session that was read, is about other money; empty when it fits. */
  compare(claimed: ClaimedTerms, price: Price): readonly TermsMismatch[];
  /**
   * Whether this price can be paid at all: to be asked before anything is written. `metered`: it would settle weekly
   * or monthly, and `allowMeteredPayments` is off.
   */
  accepts(price: Price): 'yes' | 'metered' | 'no';
  /** What the attempt's deliveries will carry, known before the call; `null` without `challengeSecret`. */
  expectChallengeHash(price: Price, nonce: string): string | null;
  /** @throws {VendorError | ConfigurationError} */
  openCheckout(request: CheckoutRequest, signal: AbortSignal): Promise<OpenedCheckout>;
  /** @throws {VendorError} */
  readCheckout(sessionId: string, signal: AbortSignal): Promise<CheckoutReading | null>;
  /** @throws {VendorError} */
  readReadiness(signal: AbortSignal): Promise<Readiness>;
  /** @throws {VendorError} */
  listUsages(signal: AbortSignal): AsyncGenerator<MeteredUsage, void>;
  /** @throws {VendorError} */
  readBatch(batchId: string, signal: AbortSignal): Promise<SettlementBatch | null>;
}

/** @throws {ConfigurationError} `invalid-option`, naming the option and the fix; no secret is repeated. */
export function siglumeEdge(options: SiglumeOptions): SiglumeEdge {
  const { merchant, api, signatures, returnOrigins, returnUrl, challengeSecret, ...settings } =
    readOptions(options);
  const { allowMeteredPayments, sandbox } = settings;
  return {
    name: 'siglume',
    acceptedStatus: 204,
    returnOrigins,
    returnUrl,
    allowMeteredPayments,
    verify: (rawBody, headers, nowMs) => verifyDelivery(rawBody, headers, nowMs, signatures),
    decode: decodeDelivery,
    compare: (claimed, price) => compareTerms(claimed, { ...price, merchant, sandbox }),
    accepts: ({ amountMinor, currency }) => {
      if (!isCurrency(currency) || !Number.isSafeInteger(amountMinor) || amountMinor <= 0) return 'no';
      return pricingBandOf(amountMinor, currency) === 'standard' || allowMeteredPayments ? 'yes' : 'metered';
    },
    expectChallengeHash: (price, nonce) =>
      challengeSecret === null ? null : expectChallengeHash(challengeSecret, { ...price, merchant, nonce }),
    openCheckout: (request, signal) => openCheckout(api, merchant, returnOrigins, request, signal),
    readCheckout: (sessionId, signal) => readCheckout(api, sessionId, signal),
    readReadiness: (signal) => readReadiness(api, merchant, signal),
    listUsages: (signal) => listUsages(api, signal),
    readBatch: (batchId, signal) => readBatch(api, batchId, signal),
  };
}
