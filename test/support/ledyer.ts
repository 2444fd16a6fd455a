/** Ledyer for tests: options that reach a sandbox, a client over it, and calls as a merchant's backend makes them. */
import type { LedyerSandbox } from 'checkout-embed/testing';
import { ledyerClient, type LedyerClient } from '../../src/fulfillment/vendors/ledyer/client.js';
import type { LedyerOptions } from '../../src/fulfillment/vendors/ledyer/options.js';

export const LEDYER_OPTIONS: LedyerOptions = {
  environment: 'sandbox',
  clientId: 'fake-client-id',
  clientSecret: 'fake-client-secret',
};

export function optionsFor(sandbox: LedyerSandbox): LedyerOptions {
  const { clientId, clientSecret } = sandbox.credentials;
  const { authBaseUrl, apiBaseUrl } = sandbox;
  return { environment: 'sandbox', clientId, clientSecret, authBaseUrl, apiBaseUrl };
}

export function clientOf(sandbox: LedyerSandbox, options: Partial<LedyerOptions> = {}): LedyerClient {
  return ledyerClient({ ...optionsFor(sandbox), ...options });
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** A token for the sandbox's merchant, or for `credentials`. */
export async function tokenFor(
  sandbox: LedyerSandbox,
  credentials = sandbox.credentials,
): Promise<{ readonly status: number; readonly token: string; readonly body: Answer['body'] }> {
  const { clientId, clientSecret } = credentials;
  const response = await fetch(`${sandbox.authBaseUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const body = (await response.json()) as Answer['body'];
  return { status: response.status, token: body['access_token'] as string, body };
}

/** One call with a fresh token, unless `token` says otherwise. */
export async function api(
  sandbox: LedyerSandbox,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly token?: string; readonly key?: string } = {},
): Promise<Answer> {
  const token = options.token ?? (await tokenFor(sandbox)).token;
  const response = await fetch(sandbox.apiBaseUrl + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    body: (isJson ? JSON.parse(text) : { text }) as Answer['body'],
    headers: response.headers,
  };
}
