/** LedgerBee as one of the kit's vendors. */
import type { FrameVendor } from '../../ports.js';
import { fetchSubscription, listSubscriptions } from './client.js';
import { decodeDelivery } from './decode.js';
import { mintBindToken } from './mint.js';
import { readOptions, type LedgerBeeOptions } from './options.js';
import { verifyDelivery } from './verify.js';

export type { LedgerBeeOptions } from './options.js';

/**
 * The adapter for LedgerBee's embedded checkout. Makes no call before it is asked to.
 *
 * Deliveries are Standard Webhooks. A delivery only announces its subscription; what is granted is what
 * `GET /v1/subscriptions/{id}` says afterwards.
 * @throws {ConfigurationError} `invalid-option`, naming the option and the fix; no secret is repeated.
 */
export function ledgerbee(options: LedgerBeeOptions): FrameVendor {
  const { api, signatures } = readOptions(options);
  return {
    name: 'ledgerbee',
    flow: 'frame',
    // Any 2xx stops the retries; there is nothing to say.
    acceptedStatus: 204,
    verify: (rawBody, headers, nowMs) => verifyDelivery(rawBody, headers, nowMs, signatures),
    decode: decodeDelivery,
    fetchSubject: (subject, signal, log) => fetchSubscription(api, subject, signal, log),
    listByReference: (reference, signal, log) => listSubscriptions(api, reference, signal, log),
    mintBindToken: (identity, reference, signal, log) => mintBindToken(api, identity, reference, signal, log),
  };
}
