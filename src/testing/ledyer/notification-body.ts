/** What a notification says, in either of the two shapes on paper. */
import type { LedyerAssumptionValues } from './assumptions.js';
import type { LedyerEvent } from './event-types.js';
import { newId } from './ids.js';

export interface BodyContext {
  readonly merchantId: string;
  readonly storeId: string;
  /** A stranger's order id, as the documented sample shows, until the merchant's reference is set. */
  readonly bodyReference: string;
  readonly shape: LedyerAssumptionValues['bodyShape'];
  readonly reference: LedyerAssumptionValues['bodyReference'];
}

export function notificationBody(event: LedyerEvent, context: BodyContext): string {
  const { eventType, orderId, sessionId, authorizationToken } = event;
  const ids = {
    ...(orderId === undefined ? {} : { orderId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(authorizationToken === undefined ? {} : { authorizationToken }),
  };
  if (context.shape === 'nested') return JSON.stringify({ id: newId('wh'), type: eventType, data: ids });
  const reference = context.reference === 'order-id' ? orderId : (event.reference ?? context.bodyReference);
  return JSON.stringify({
    eventType,
    merchantId: context.merchantId,
    ...ids,
    ...(orderId === undefined ? {} : { reference }),
    storeId: context.storeId,
  });
}
