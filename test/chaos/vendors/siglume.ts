/** Siglume as the harness sees it: its sandbox behind the faults, and deliveries that are themselves the proof. */
import { randomUUID } from 'node:crypto';
import { createSiglumeSandbox } from 'checkout-embed/testing';
import { signSiglumeDelivery } from '../../../src/testing/siglume/signer.js';
import { PAGE_ORIGIN } from '../shops.js';
import { passOn, type ApiAnswer, type ChaosVendor, type Delivery } from '../vendor.js';
import type { SiglumeSettings } from './adapter.js';

/** No call to the API may take longer, in milliseconds. The fake's silence outlasts it. */
const CALL_TIMEOUT_MS = 2_500;

export async function siglumeVendor(): Promise<ChaosVendor> {
  const sandbox = await createSiglumeSandbox({ returnOrigins: [PAGE_ORIGIN] });
  const { merchant, merchantToken, webhookSecret } = sandbox;

  const unpaid = new Map<string, string[]>();
  let known = 0;
  /** Its buyers come back to a page of the order's own, which is how an order's checkouts are known here. */
  const unpaidOf = (orderRef: string): string[] => {
    // Asked often: each session is looked at once.
    const sessions = sandbox.sessions.list();
    for (const { id, successUrl } of sessions.slice(known)) {
      const ref = new URL(successUrl).pathname.slice(1);
      unpaid.set(ref, [...(unpaid.get(ref) ?? []), id]);
    }
    known = sessions.length;
    return unpaid.get(orderRef) ?? [];
  };
  const message = (orderRef: string, data: unknown): Delivery => {
    const id = `evt_${randomUUID()}`;
    const type = 'direct_payment.confirmed';
    const envelope = { id, type, api_version: '2026-06-20', occurred_at: new Date().toISOString(), data };
    const body = JSON.stringify(envelope);
    return {
      messageId: id,
      orderRef,
      about: 'payment',
      body,
      headers: () => ({
        'content-type': 'application/json',
        'siglume-signature': signSiglumeDelivery(Math.floor(Date.now() / 1_000), body, [webhookSecret]),
      }),
    };
  };

  return {
    name: 'siglume',
    // What is not signed fulfills nothing, and money that went out on its chain does not come back.
    traits: { ends: false, foundBy: null, opensInKit: true },
    planId: null,
    adapterSettings: (apiOrigin): SiglumeSettings => ({
      merchant,
      merchantToken,
      webhookSecrets: [webhookSecret],
      returnOrigins: [PAGE_ORIGIN],
      challengeSecret: sandbox.challengeSecret(),
      apiBaseUrl: `${apiOrigin}/v1`,
      timeoutMs: CALL_TIMEOUT_MS,
    }),
    open: () => null,
    payable: (orderRef) => unpaidOf(orderRef).length,
    sell: (orderRef) => {
      const sessionId = unpaidOf(orderRef).shift();
      if (sessionId === undefined) throw new Error(`${orderRef} has no checkout that could be paid`);
      const { requirementId } = sandbox.sessions.act(sessionId, 'buy');
      const payment = sandbox.payments.list().find((one) => one.requirementId === requirementId);
      // One payment under two event ids.
      return [message(orderRef, payment?.event?.data), message(orderRef, payment?.event?.data)];
    },
    end: (orderRef) => {
      throw new Error(`${orderRef} cannot end`);
    },
    answer: (call) => passOn(sandbox.checkoutAddress, call),
    refuse,
    accepts: (status) => status >= 200 && status < 300,
    isAcknowledged: () => true,
    close: () => sandbox.close(),
  };
}

function refuse(status: number, retryAfterSeconds?: number): ApiAnswer {
  return {
    status,
    body: { detail: { code: 'REFUSED', message: 'refused' } },
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
