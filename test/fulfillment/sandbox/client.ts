/** Calls to the sandbox as a merchant's backend and as the portal's own page make them. */
import type { LedgerBeeSandbox } from 'checkout-embed/testing';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly method?: string;
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** One call under `/api/v1`, with the ordinary key unless told otherwise. */
export async function api(
  sandbox: LedgerBeeSandbox,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const key = options.key === undefined ? sandbox.keys.api : options.key;
  const response = await fetch(sandbox.apiBaseUrl + path, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key === null ? {} : { 'x-api-key': key }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    headers: response.headers,
  };
}

/** `POST /v1/portal-sso/provision` for the seeded company. */
export function provision(sandbox: LedgerBeeSandbox, change: Record<string, unknown> = {}): Promise<Answer> {
  const body = {
    email: 'ida@nordlys.example',
    customerId: sandbox.customers.company.id,
    mintCheckoutBindToken: true,
    ...change,
  };
  return api(sandbox, '/portal-sso/provision', { key: sandbox.keys.sso, body });
}

export async function mintBindRef(sandbox: LedgerBeeSandbox, reference?: string): Promise<string> {
  const { body } = await provision(sandbox, reference === undefined ? {} : { clientReferenceId: reference });
  return body['checkoutBindToken'] as string;
}

async function portal(sandbox: LedgerBeeSandbox, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(sandbox.portalAddress + path, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}

/** `POST /api/checkout/session` for the monthly item. */
export function mintSession(
  sandbox: LedgerBeeSandbox,
  change: Record<string, unknown> = {},
): Promise<Answer> {
  const { pro } = sandbox.plans;
  return portal(sandbox, '/api/checkout/session', {
    planVersionId: pro.versionId,
    planItemId: pro.items.monthly.id,
    lang: 'en',
    ...change,
  });
}

export function readSession(sandbox: LedgerBeeSandbox, id: string): Promise<Answer> {
  return portal(sandbox, `/api/checkout/session/${id}`);
}

export function confirm(
  sandbox: LedgerBeeSandbox,
  id: unknown,
  change: Record<string, unknown> = {},
): Promise<Answer> {
  return portal(sandbox, `/api/checkout/session/${String(id)}/confirm`, {
    acceptedTermsVersion: sandbox.settings.current().termsVersion,
    ...change,
  });
}

/** A bound buyer's whole checkout. */
export async function buyBound(sandbox: LedgerBeeSandbox, reference: string): Promise<string> {
  const session = await mintSession(sandbox, { bindRef: await mintBindRef(sandbox, reference) });
  const confirmed = await confirm(sandbox, session.body['id']);
  return confirmed.body['subscriptionId'] as string;
}

/** `reason` of a checkout error, which sits in `details`. */
export function reasonOf({ body }: Answer): unknown {
  return (body['details'] as { reason?: unknown } | undefined)?.reason;
}

/** Properties that a validation error names. */
export function failingFields({ body }: Answer): string[] {
  const details = body['details'] as { validationErrors: { property: string }[] };
  return details.validationErrors.map(({ property }) => property);
}
