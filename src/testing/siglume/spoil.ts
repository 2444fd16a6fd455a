/** Makes a confirmation say what is not so, when a fault is on. */
import type { SiglumeWebhookEvent } from './events.js';
import { CONTENT_FAULTS, type ContentFault, type FaultName } from './faults.js';
import { newId, randomHash } from './ids.js';
import type { Switches } from '../shared/switches.js';

export function spoil(event: SiglumeWebhookEvent, faults: Switches<FaultName>): SiglumeWebhookEvent {
  const fault = faults.takeOneOf(CONTENT_FAULTS);
  if (fault === null) return event;
  if (fault === 'webhook-unknown-type') {
    return { ...event, type: 'direct_payment.reconsidered', listenedAs: event.type };
  }
  return { ...event, data: { ...event.data, ...changeOf(fault, event.data) } };
}

function changeOf(
  fault: Exclude<ContentFault, 'webhook-unknown-type'>,
  data: SiglumeWebhookEvent['data'],
): Readonly<Record<string, unknown>> {
  switch (fault) {
    case 'webhook-unknown-mode':
      return { mode: 'external_403' };
    case 'webhook-missing-receipt':
      return { chain_receipt_id: null };
    case 'webhook-wrong-amount':
      return { amount_minor: Number(data['amount_minor']) - 1 };
    case 'webhook-wrong-currency':
      return { currency: data['currency'] === 'JPY' ? 'USD' : 'JPY' };
    case 'webhook-wrong-merchant':
      return { merchant: 'another_shop' };
    case 'webhook-unknown-hash':
      return { challenge_hash: randomHash() };
    case 'webhook-metered-band':
      return {
        pricing_band: 'micro',
        settlement_cadence: 'weekly',
        finality: 'aggregated_onchain_settlement',
        settlement_status: 'pending_settlement',
      };
    case 'webhook-batch-event':
      return {
        mode: 'metered_settlement_batch',
        pricing_band: 'micro',
        settlement_cadence: 'weekly',
        finality: 'aggregated_onchain_settlement',
        settlement_status: 'settled',
        settlement_batch_id: newId('msb'),
        chain_receipt_id: newId('chain'),
        usage_event_digest: randomHash(),
      };
  }
}
