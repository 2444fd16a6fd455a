/** Ledyer as the harness sees it: its sandbox behind the faults, and notifications that anybody could send. */
import { createLedyerSandbox, type LedyerPurchase } from 'checkout-embed/testing';
import { passOn, type ApiAnswer, type ChaosVendor, type Delivery } from '../vendor.js';
import type { LedyerSettings } from './adapter.js';

/** No call to the API may take longer, in milliseconds. The fake's silence outlasts it. */
const CALL_TIMEOUT_MS = 2_500;
/** Reads stay behind their notification for five vendor seconds, each of which takes this part of a real one. */
const VENDOR_SECONDS = 60;

export async function ledyerVendor(): Promise<ChaosVendor> {
  const sandbox = await createLedyerSandbox({ timeScale: VENDOR_SECONDS });
  sandbox.assumptions.set('readLagSeconds', 5);
  const { clientId, clientSecret } = sandbox.credentials;
  const purchases = new Map<string, LedyerPurchase>();

  const purchaseOf = (orderRef: string): LedyerPurchase => {
    const known = purchases.get(orderRef);
    if (known !== undefined) return known;
    const opened = sandbox.purchases.open();
    purchases.set(orderRef, opened);
    return opened;
  };
  const notification = (eventType: string, orderRef: string): Delivery => {
    const { orderId, session } = purchaseOf(orderRef);
    const { id: sessionId, merchantId, storeId } = session;
    return {
      // Two real events may be equal bytes.
      messageId: null,
      orderRef,
      about: eventType === 'cancel' ? 'end' : 'payment',
      body: JSON.stringify({
        eventType: `com.ledyer.order.${eventType}`,
        merchantId,
        storeId,
        orderId,
        sessionId,
      }),
      headers: () => ({ 'content-type': 'application/json' }),
    };
  };

  return {
    name: 'ledyer',
    traits: { ends: true, foundBy: 'signal', opensInKit: false },
    planId: null,
    adapterSettings: (apiOrigin): LedyerSettings => ({
      environment: 'sandbox',
      clientId,
      clientSecret,
      authBaseUrl: apiOrigin,
      apiBaseUrl: apiOrigin,
      timeoutMs: CALL_TIMEOUT_MS,
      tokenTimeoutMs: CALL_TIMEOUT_MS,
    }),
    open: (orderRef) => {
      const { orderId, session } = purchaseOf(orderRef);
      return { orderId: orderId ?? '', sessionId: session.id, amountMinor: 625_000, currency: 'SEK' };
    },
    payable: () => 1,
    sell: (orderRef) => {
      sandbox.acts.pay(purchaseOf(orderRef).session.id);
      return [notification('create', orderRef), notification('ready_for_capture', orderRef)];
    },
    end: (orderRef) => {
      sandbox.acts.cancel(purchaseOf(orderRef).orderId ?? '');
      return notification('cancel', orderRef);
    },
    answer: (call) => passOn(sandbox.apiBaseUrl, call),
    refuse,
    // It says "200 OK", and whether any other success stops it is nowhere said.
    accepts: (status) => status === 200,
    isAcknowledged: (orderRef) => {
      const { id } = purchaseOf(orderRef).session;
      const events = sandbox.purchases.list().find(({ session }) => session.id === id)?.order?.events ?? [];
      return events.some(({ type }) => type === 'acknowledge');
    },
    close: () => sandbox.close(),
  };
}

function refuse(status: number, retryAfterSeconds?: number): ApiAnswer {
  return {
    status,
    body: { message: 'refused' },
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
