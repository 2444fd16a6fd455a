/** Calls to the Siglume sandbox as a merchant's backend and as a buyer's browser make them. */
import type { SiglumeSandbox } from 'checkout-embed/testing';
import {
  siglumeEdge,
  type SiglumeEdge,
  type SiglumeOptions,
} from '../../../src/fulfillment/vendors/siglume/index.js';

export const SHOP = 'https://shop.example';

export interface SiglumeAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly error: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> } | null;
  readonly headers: Headers;
  readonly text: string;
}

/** One call under `/v1`, with the merchant's token unless told otherwise. */
export async function call(
  sandbox: SiglumeSandbox,
  path: string,
  options: { readonly method?: string; readonly token?: string | null; readonly body?: unknown } = {},
): Promise<SiglumeAnswer> {
  const token = options.token === undefined ? sandbox.merchantToken : options.token;
  const response = await fetch(sandbox.apiBaseUrl + path, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const body = (isJson ? JSON.parse(text) : {}) as Partial<SiglumeAnswer>;
  return {
    status: response.status,
    data: body.data ?? {},
    error: body.error ?? null,
    headers: response.headers,
    text,
  };
}

export const SESSIONS = '/sdrp/direct-payments/checkout-sessions';

export function newSession(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    merchant: 'sandbox_shop',
    amount_minor: 1200,
    currency: 'JPY',
    nonce: 'attempt-1',
    success_url: `${SHOP}/success`,
    cancel_url: `${SHOP}/cancel`,
    ...change,
  };
}

export function createSession(
  sandbox: SiglumeSandbox,
  change: Record<string, unknown> = {},
): Promise<SiglumeAnswer> {
  return call(sandbox, SESSIONS, { body: newSession(change) });
}

/** The id of a fresh session. */
export async function openSession(
  sandbox: SiglumeSandbox,
  change: Record<string, unknown> = {},
): Promise<string> {
  const { data } = await createSession(sandbox, change);
  return data['session_id'] as string;
}

/** Paid by `buyer`, and announced. Gives the session's id. */
export async function buy(
  sandbox: SiglumeSandbox,
  change: Record<string, unknown> = {},
  buyer?: string,
): Promise<string> {
  const id = await openSession(sandbox, change);
  sandbox.sessions.act(id, 'buy', buyer);
  await sandbox.idle();
  return id;
}

/** Our side of it, set up for this sandbox. */
export function edgeFor(sandbox: SiglumeSandbox, change: Partial<SiglumeOptions> = {}): SiglumeEdge {
  return siglumeEdge({
    merchant: sandbox.merchant,
    merchantToken: sandbox.merchantToken,
    webhookSecrets: [sandbox.webhookSecret],
    returnOrigins: [SHOP],
    challengeSecret: sandbox.challengeSecret(),
    apiBaseUrl: sandbox.apiBaseUrl,
    ...change,
  });
}
