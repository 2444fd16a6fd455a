import type { Vendor } from '../../protocol/index.js';
import type { KitContext } from '../context.js';
import { SignatureError, TriggerError } from '../errors.js';
import { QueueFullError } from '../group-commit.js';
import type { DeliveryHeaders, VendorAdapter } from '../ports.js';
import type { Receiver } from '../receive.js';
import { ParkedFullError, type TriggerReceiver } from '../triggers.js';
import { RefusalError } from './answers.js';

/** Largest delivery. LedgerBee's are a few kilobytes. */
const MAX_DELIVERY_BYTES = 256 * 1024;
/** When a vendor that looks at it may come again, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Who takes deliveries, by what they prove. */
export interface DeliveryReceivers {
  readonly signed: Receiver;
  readonly triggers: TriggerReceiver;
}

/** A request as far as a delivery needs it, whatever the server is made of. */
export interface DeliveryRequest {
  readonly method: string;
  readonly headers: DeliveryHeaders;
  /** @throws {RefusalError} `payload_too_large` */
  readonly readBytes: (maxBytes: number) => Promise<Uint8Array>;
}

/**
 * `POST …/webhooks/:vendor`. Answers after the commit, in the vendor's own terms: its accepted status, 401 for a
 * signature or a time that does not hold, 400 for an unsigned delivery that names nothing, 503 for our own trouble. Never
 * accepted for what is not on disk.
 *
 * `Content-Type` is not looked at: no vendor's contract promises one for deliveries, the signature covers the bytes
 * and nothing else, and a genuine delivery that a proxy relabeled must not be lost for it.
 * @returns the status to answer with, without a body.
 * @throws {RefusalError}
 */
export async function webhookRoute(
  context: KitContext,
  receivers: DeliveryReceivers,
  vendorName: string,
  request: DeliveryRequest,
): Promise<VendorAdapter['acceptedStatus']> {
  const adapter = [...context.vendors.values()].find(({ name }) => name === vendorName);
  if (adapter === undefined) throw new RefusalError('not_found', 'No such vendor is configured');
  if (request.method !== 'POST') {
    throw new RefusalError('method_not_allowed', 'Deliveries are POST', { Allow: 'POST' });
  }
  const rawBody = await request.readBytes(MAX_DELIVERY_BYTES);
  try {
    const received = await inTime(
      adapter.flow === 'linked'
        ? receivers.triggers.receive(adapter, rawBody)
        : receivers.signed.receive(adapter, rawBody, request.headers),
      context,
    );
    context.log({
      level: 'debug',
      event: 'receive.accepted',
      message: 'A delivery was recorded',
      fields: { vendor: adapter.name, received },
    });
    const outcome = received === 'to-review' ? 'to_review' : received;
    context.metrics?.count('checkout_embed_deliveries_total', 1, { vendor: adapter.name, outcome });
    return adapter.acceptedStatus;
  } catch (error) {
    throw refusalFor(context, adapter.name, error);
  }
}

function refusalFor(context: KitContext, vendor: Vendor, error: unknown): RefusalError {
  const isRefused = error instanceof SignatureError || error instanceof TriggerError;
  const outcome = isRefused ? 'refused' : 'unavailable';
  context.metrics?.count('checkout_embed_deliveries_total', 1, { vendor, outcome });
  if (isRefused) {
    context.log({
      level: 'warn',
      event: 'receive.refused',
      message:
        error instanceof SignatureError
          ? 'A delivery was refused: its signature or its time does not hold'
          : 'A delivery was refused: it names nothing that could be looked up here',
      fields: { vendor, reason: error.code },
    });
    if (error instanceof TriggerError) return new RefusalError('bad_request', `Refused: ${error.message}`);
    return new RefusalError('unauthorized', `Signature refused: ${error.code}`);
  }
  context.log({
    level: 'error',
    event: 'receive.unavailable',
    message: 'A delivery could not be recorded; the vendor must send it again',
    fields: {
      vendor,
      reason:
        error instanceof QueueFullError
          ? `queue ${error.message}`
          : error instanceof ParkedFullError
            ? error.message
            : error instanceof Error
              ? error.name
              : 'unknown',
    },
  });
  return new RefusalError('unavailable', 'The delivery was not recorded; send it again', {
    'Retry-After': String(RETRY_AFTER_SECONDS),
  });
}

/** What is committed after we stopped waiting is found to be a repetition when the vendor sends it again. */
function inTime<T>(work: Promise<T>, { schedule }: Pick<KitContext, 'schedule'>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the commit took too long')), schedule.deliveryTimeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
