/** Siglume as one of the kit's vendors. */
import type { DecodedDelivery, RedirectVendor, SettlementUsage } from '../../ports.js';
import { SESSION_LIFETIME_MS } from './assumed.js';
import { fateOf, standingOfSession } from './attempt-fate.js';
import type { SiglumeMeaning } from './decode.js';
import { siglumeEdge, type SiglumeEdge } from './edge.js';
import { stableNonce } from './nonce.js';
import type { SiglumeOptions } from './options.js';
import { acceptReturnUrl } from './return-url.js';
import { isCurrency } from './terms.js';

/**
 * The adapter for Siglume's hosted checkout. Makes no call before it is asked to.
 *
 * A payment is proven by its signed `direct_payment.confirmed` alone; what the API says of a session or the buyer's
 * coming back fulfills nothing.
 * @throws {ConfigurationError} `invalid-option`, naming the option and the fix; no secret is repeated.
 */
export function siglume(options: SiglumeOptions): RedirectVendor {
  const edge = siglumeEdge(options);
  return {
    name: 'siglume',
    flow: 'redirect',
    // Any 2xx stops the retries; there is nothing to say.
    acceptedStatus: edge.acceptedStatus,
    verify: (rawBody, headers, nowMs) => edge.verify(rawBody, headers, nowMs),
    decode: (delivery) => toDecoded(edge.decode(delivery)),
    redirect: {
      lifetimeMs: SESSION_LIFETIME_MS,
      takesUnsettled: edge.allowMeteredPayments,
      accepts: (price) => edge.accepts(price),
      nonce: stableNonce,
      expectKey: (price, nonce) => edge.expectChallengeHash(price, nonce),
      returnUrlFor: (page) => edge.returnUrl ?? acceptReturnUrl(page, edge.returnOrigins),
      open: async ({ currency, ...request }, signal) => {
        if (!isCurrency(currency)) throw new RangeError('a price that `accepts` refused');
        const opened = await edge.openCheckout({ ...request, currency }, signal);
        const { sessionId, checkoutUrl: url, challengeHash: attemptKey, expiresAtMs } = opened;
        return { sessionId, url, attemptKey, expiresAtMs };
      },
      read: async (sessionId, nowMs, signal) =>
        standingOfSession(await edge.readCheckout(sessionId, signal), nowMs),
      fateOf,
      compare: (claimed, price) => edge.compare(claimed, price),
    },
    statements: {
      listUsages: (signal) => usagesOf(edge, signal),
      readBatch: async (batchId, signal) => (await edge.readBatch(batchId, signal))?.standing ?? null,
    },
  };
}

async function* usagesOf(edge: SiglumeEdge, signal: AbortSignal): AsyncIterable<SettlementUsage> {
  for await (const { requirementId: subject, batchId, addsUp } of edge.listUsages(signal)) {
    yield { subject, batchId, addsUp };
  }
}

function toDecoded(meaning: SiglumeMeaning): DecodedDelivery {
  switch (meaning.kind) {
    case 'settled':
    case 'metered': {
      const { topic, requirementId: subject, challengeHash: attemptKey, claimed } = meaning;
      const payment =
        meaning.kind === 'settled'
          ? { finality: 'settled' as const, receiptId: meaning.chainReceiptId, claimed }
          : { finality: 'accepted' as const, receiptId: null, claimed };
      return { kind: 'payment', topic, subject, attemptKey, payment };
    }
    case 'batch':
      return { kind: 'batch', topic: meaning.topic, batchId: meaning.settlementBatchId };
    case 'review':
      return { kind: 'unreadable', topic: meaning.topic, why: meaning.reason };
    case 'ignored':
    case 'unreadable':
      return meaning;
  }
}
