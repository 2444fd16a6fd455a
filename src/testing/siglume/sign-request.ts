/** One request of a delivery: its headers and bytes, signed as it should be or as a fault says. */
import type { SiglumeDelivery, SiglumeDeliveryAttempt, SiglumeSignature } from './delivery-log.js';
import { SIGNING_FAULTS, type FaultName } from './faults.js';
import { createSiglumeWebhookSecret, signSiglumeDelivery } from './signer.js';
import type { Switches } from '../shared/switches.js';

/** Twice the receiver's window. */
const OUT_OF_WINDOW_SECONDS = 600;

export function takeSigning(faults: Switches<FaultName>): SiglumeSignature {
  switch (faults.takeOneOf(SIGNING_FAULTS)) {
    case null:
      return 'valid';
    case 'webhook-wrongly-signed':
      return 'wrong';
    case 'webhook-unsigned':
      return 'none';
    case 'webhook-stale':
      return 'stale';
    case 'webhook-from-the-future':
      return 'future';
    case 'webhook-altered-body':
      return 'of-another-body';
  }
}

/** @param isNamed Whether the unsigned copies of id and type go along (U3). */
export function signRequest(
  { body, eventId, eventType }: Pick<SiglumeDelivery, 'body' | 'eventId' | 'eventType'>,
  known: readonly string[],
  signature: SiglumeSignature,
  nowMs: number,
  isNamed: boolean,
): Pick<SiglumeDeliveryAttempt, 'headers' | 'body' | 'signature'> {
  const secrets = signature === 'wrong' ? [createSiglumeWebhookSecret()] : known;
  const offset =
    signature === 'stale' ? -OUT_OF_WINDOW_SECONDS : signature === 'future' ? OUT_OF_WINDOW_SECONDS : 0;
  const header = signSiglumeDelivery(Math.floor(nowMs / 1000) + offset, body, secrets);
  return {
    signature,
    body: signature === 'of-another-body' ? alter(body) : body,
    headers: {
      'x-siglume-environment': 'sandbox',
      ...(signature === 'none' ? {} : { 'siglume-signature': header }),
      ...(isNamed ? { 'siglume-event-id': eventId, 'siglume-event-type': eventType } : {}),
    },
  };
}

/** Whoever alters a body keeps its JSON whole, where it is any. */
function alter(body: string): string {
  const altered = body.replace(/"data":\{/, '"data":{"altered":true,');
  return altered === body ? `${body} ` : altered;
}
