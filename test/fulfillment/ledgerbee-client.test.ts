import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity, LogEntry, MintedToken, VendorAdapter } from '../../src/fulfillment/ports.js';
import { ledgerbee, type LedgerBeeOptions } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { LEDGERBEE_OPTIONS } from '../support/ledgerbee.js';

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (seen: Seen, res: ServerResponse) => void;

const BUYER: Identity = { email: 'buyer@shop.test', customerId: '0190abcd-0000-7000-8000-000000000001' };
const never = new AbortController().signal;

let server: Server;
let seen: Seen[];
let answers: Answer[];

beforeEach(async () => {
  seen = [];
  answers = [];
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const request: Seen = {
        method: req.method ?? '',
        url: new URL(req.url ?? '/', 'http://vendor.test'),
        headers: req.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(request);
      // The last answer stands for every further call.
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, res);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

describe('fetchSubject', () => {
  it('reads one subscription with the API key', async () => {
    answers = [json(200, subscription())];
    expect(await adapter().fetchSubject('sub-1', never)).toEqual({
      subject: 'sub-1',
      reference: 'order-1',
      access: 'granted',
      vendorStatus: 'active',
      planId: 'plan-1',
      customerId: 'customer-1',
    });
    expect(seen).toMatchObject([{ method: 'GET', headers: { 'x-api-key': 'fake-api-key' } }]);
    expect(seen[0]?.url.pathname).toBe('/api/v1/subscriptions/sub-1');
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it('passes over fields it was never told of, and takes absent ids for none', async () => {
    answers = [json(200, { id: 'sub-1', status: 'brand_new', added: true })];
    expect(await adapter().fetchSubject('sub-1', never)).toMatchObject({
      access: 'unknown',
      vendorStatus: 'brand_new',
      reference: null,
      planId: null,
      customerId: null,
    });
  });

  it('answers null for what the vendor does not know', async () => {
    answers = [json(404, refusal(404, 'SUBSCRIPTION_NOT_FOUND'))];
    expect(await adapter().fetchSubject('sub-1', never)).toBeNull();
  });

  it("does not take a stranger's 404 for the vendor's", async () => {
    answers = [json(404, { error: 'no such route in this proxy' })];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'rejected',
      status: 404,
    });
  });

  it.each(['../customers', 'a/b', 'a?b', 'a#b', '', '.', '..', '%2e%2e', 'a b', 'æ'])(
    'puts no %j into a URL',
    async (subject) => {
      expect(await adapter().fetchSubject(subject, never)).toBeNull();
      expect(seen).toEqual([]);
    },
  );

  it.each<[string, unknown]>([
    ['another subscription', subscription({ id: 'sub-2' })],
    ['no status', subscription({ status: undefined })],
    ['a list', [subscription()]],
    ['null', null],
  ])('refuses an answer with %s', async (_, body) => {
    answers = [json(200, body)];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({ code: 'unreadable-answer' });
  });

  it('refuses an answer that is no JSON', async () => {
    answers = [(_, res) => res.end('<html>')];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({ code: 'unreadable-answer' });
  });

  it('reads no more of an answer than it could ever need', async () => {
    const chunk = Buffer.alloc(65_536, 0x20);
    answers = [
      (_, res) => {
        const write = (): void => {
          while (!res.destroyed && res.write(chunk));
        };
        res.on('drain', write);
        write();
      },
    ];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({ code: 'unreadable-answer' });
  });
});

describe('listByReference', () => {
  it('asks for exactly the reference', async () => {
    answers = [json(200, { data: [subscription()], total: 1, page: 1, limit: 20 })];
    expect(await adapter().listByReference('order-1', never)).toMatchObject([{ subject: 'sub-1' }]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url.pathname).toBe('/api/v1/subscriptions');
    expect([...(seen[0]?.url.searchParams ?? [])]).toEqual([['partnerReferenceId', 'order-1']]);
  });

  it('escapes what a reference may hold', async () => {
    answers = [json(200, { data: [], total: 0 })];
    await adapter().listByReference('a&status=active#ø', never);
    expect(seen[0]?.url.searchParams.get('partnerReferenceId')).toBe('a&status=active#ø');
    expect(seen[0]?.url.searchParams.has('status')).toBe(false);
  });

  it('is empty only when the vendor said so', async () => {
    answers = [json(200, { data: [], total: 0 })];
    expect(await adapter().listByReference('order-1', never)).toEqual([]);
    answers = [json(200, [])];
    expect(await adapter().listByReference('order-1', never)).toEqual([]);
  });

  it.each<[string, number, unknown]>([
    ['no list', 200, { subscriptions: [] }],
    ['null', 200, null],
    ['an entry it cannot read', 200, [{}]],
    ['404', 404, refusal(404, 'NOT_FOUND')],
  ])('is an error, never empty, after %s', async (_, status, body) => {
    answers = [json(status, body)];
    await expect(adapter().listByReference('order-1', never)).rejects.toMatchObject({ name: 'VendorError' });
  });

  it('drops what the vendor returned beside the reference', async () => {
    const others = [
      subscription({ id: 'sub-2', partnerReferenceId: 'ORDER-1' }),
      subscription({ id: 'sub-3', partnerReferenceId: null }),
    ];
    answers = [json(200, { data: [...others, subscription()], total: 3 })];
    expect(await adapter().listByReference('order-1', never)).toMatchObject([{ subject: 'sub-1' }]);
  });

  it('reads every page', async () => {
    answers = [
      json(200, { data: [subscription({ id: 'sub-3' }), subscription({ id: 'sub-2' })], total: 3 }),
      json(200, { data: [subscription()], total: 3 }),
    ];
    const found = await adapter().listByReference('order-1', never);
    expect(found.map(({ subject }) => subject)).toEqual(['sub-3', 'sub-2', 'sub-1']);
    expect(seen.map(({ url }) => url.searchParams.get('page'))).toEqual([null, '2']);
  });

  it('takes a bare array, and stops where a page brings nothing new', async () => {
    answers = [json(200, [subscription()])];
    expect(await adapter().listByReference('order-1', never)).toHaveLength(1);
    expect(seen).toHaveLength(2);
  });

  it('gives up on a vendor that ignores the filter', async () => {
    let page = 0;
    answers = [
      (_, res) => {
        page += 1;
        json(200, [subscription({ id: `sub-${page}`, partnerReferenceId: 'another' })])(_, res);
      },
    ];
    await expect(adapter().listByReference('order-1', never)).rejects.toMatchObject({
      code: 'unreadable-answer',
    });
    expect(seen).toHaveLength(20);
  });
});

describe('an error of the API', () => {
  it.each<[number, unknown, object, RegExp]>([
    [
      401,
      refusal(401, 'UNAUTHORIZED'),
      { code: 'unauthorized', vendorCode: 'UNAUTHORIZED' },
      /`apiKey`.*Marketplace → API Keys/,
    ],
    [
      401,
      refusal(401, 'UNAUTHORIZED', { reason: 'ip_whitelist_mismatch' }),
      { code: 'unauthorized' },
      /IP list/,
    ],
    [
      403,
      refusal(403, 'INSUFFICIENT_PERMISSIONS', { requiredScopes: ['subscriptions-read'] }),
      { code: 'forbidden', vendorCode: 'INSUFFICIENT_PERMISSIONS' },
      /lacks the scope subscriptions-read/,
    ],
    [
      403,
      refusal(403, 'LICENSE.REQUIRED', { licenseKey: 'Subscription' }),
      { code: 'forbidden', vendorCode: 'LICENSE.REQUIRED' },
      /licence Subscription/,
    ],
    [
      400,
      refusal(400, 'SHARED_VALIDATION_FAILED', {
        validationErrors: [{ property: 'email', constraints: { isEmail: 'buyer@shop.test is no email' } }],
      }),
      { code: 'rejected' },
      /does not accept the fields email/,
    ],
    [429, { error: 'invalid_client' }, { code: 'rate-limited', vendorCode: null }, /rate limit/],
    [500, refusal(500, 'INTERNAL'), { code: 'unavailable' }, /on its side/],
    [503, 'down for maintenance', { code: 'unavailable', vendorCode: null }, /on its side/],
    [418, refusal(418, 'TEAPOT'), { code: 'rejected' }, /does not accept/],
  ])('%i becomes one that names the fix', async (status, body, error, message) => {
    answers = [json(status, body)];
    const thrown = adapter().fetchSubject('sub-1', never);
    await expect(thrown).rejects.toMatchObject({ name: 'VendorError', status, ...error });
    await expect(thrown).rejects.toThrow(message);
    await expect(thrown).rejects.not.toThrow(/fake-api-key|buyer@shop|sub-1/);
  });

  it('repeats nothing of an answer that does not look like a code or a name', async () => {
    answers = [
      json(403, {
        statusCode: 403,
        code: 'buyer@shop.test',
        details: { requiredScopes: ['a b', 'x'.repeat(500)] },
      }),
    ];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      vendorCode: null,
      message: expect.not.stringMatching(/buyer|xxx/) as string,
    });
  });

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['999999999', 86_400_000],
    ['soon', null],
  ])('carries Retry-After: %s as %s ms', async (header, retryAfterMs) => {
    answers = [json(429, {}, { 'retry-after': header })];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({ retryAfterMs });
  });

  it('carries a Retry-After that is a date', async () => {
    answers = [json(503, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })];
    const error = await adapter()
      .fetchSubject('sub-1', never)
      .catch((thrown: unknown) => thrown);
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('never follows a redirect with the key', async () => {
    answers = [json(302, {}, { location: `${baseUrl()}/elsewhere` })];
    await expect(adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'rejected',
      status: 302,
    });
    expect(seen).toHaveLength(1);
  });

  it('is a time-out when no answer comes in time', async () => {
    answers = [() => undefined];
    await expect(adapter({ timeoutMs: 30 }).fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'timeout',
      status: null,
    });
  });

  it('is a time-out when the body never ends', async () => {
    answers = [(_, res) => res.writeHead(200).write('{')];
    await expect(adapter({ timeoutMs: 100 }).fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'timeout',
    });
  });

  it('is unavailable when nobody listens', async () => {
    const apiBaseUrl = baseUrl();
    await new Promise((closed) => server.close(closed));
    const gone = ledgerbee({ ...LEDGERBEE_OPTIONS, apiBaseUrl });
    await expect(gone.fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'unavailable',
      status: null,
    });
  });

  it("is the caller's own reason when the caller gave up", async () => {
    const controller = new AbortController();
    answers = [() => controller.abort(new Error('closing'))];
    await expect(adapter().fetchSubject('sub-1', controller.signal)).rejects.toThrow('closing');
  });
});

describe('mintBindToken', () => {
  const token = json(200, {
    customerId: BUYER.customerId,
    checkoutBindToken: 'bind-1',
    checkoutBindTokenExpiresAt: '2026-06-01T12:01:00.000Z',
  });

  it('provisions the customer with the SSO key and the documented fields alone', async () => {
    answers = [token];
    const { minted, lines } = await mint(BUYER);
    expect(minted).toEqual({ bindToken: 'bind-1', expiresAt: '2026-06-01T12:01:00.000Z' });
    expect(lines).toEqual([]);
    expect(seen).toMatchObject([
      { method: 'POST', headers: { 'x-api-key': 'fake-sso-key', 'content-type': 'application/json' } },
    ]);
    expect(seen[0]?.url.pathname).toBe('/api/v1/portal-sso/provision');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      customerId: BUYER.customerId,
      email: BUYER.email,
      mintCheckoutBindToken: true,
      clientReferenceId: 'order-1',
    });
  });

  it('sends a new customer without what the merchant keeps beside it', async () => {
    answers = [token];
    const customer = {
      customerType: 'company',
      customerNumber: '42',
      name: 'Shop',
      countryCode: 'DK',
      vatZone: 'domestic',
      customerGroupId: 'group-1',
    } as const;
    const record = { ...customer, passwordHash: 'not for the vendor' };
    await mint({ email: BUYER.email, customer: record });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ customer });
    expect(seen[0]?.body).not.toMatch(/passwordHash|customerId/);
  });

  it('asks nobody for a buyer who is not logged in', async () => {
    const { minted, lines } = await mint(null);
    expect(minted).toEqual({ bindToken: null, unbound: 'anonymous' });
    expect([seen, lines]).toEqual([[], []]);
  });

  it('tries once more when the vendor was not to be had', async () => {
    answers = [json(503, {}), token];
    expect((await mint(BUYER)).minted).toMatchObject({ bindToken: 'bind-1' });
    expect(seen).toHaveLength(2);
  });

  it('goes on without a token after two tries, and says so', async () => {
    answers = [json(503, {})];
    const { minted, lines } = await mint(BUYER);
    expect(minted).toEqual({ bindToken: null, unbound: 'mint_unavailable' });
    expect(seen).toHaveLength(2);
    expect(lines).toMatchObject([
      { level: 'warn', event: 'ledgerbee.mint_unavailable', fields: { order: 'order-1', status: 503 } },
    ]);
  });

  it('goes on without a token after two time-outs', async () => {
    answers = [() => undefined];
    expect((await mint(BUYER, { timeoutMs: 30 })).minted).toEqual({
      bindToken: null,
      unbound: 'mint_unavailable',
    });
    expect(seen).toHaveLength(2);
  });

  it('does not press a vendor that limits the rate', async () => {
    answers = [json(429, {})];
    expect((await mint(BUYER)).minted).toMatchObject({ unbound: 'mint_unavailable' });
    expect(seen).toHaveLength(1);
  });

  it.each<[number, unknown, RegExp]>([
    [401, refusal(401, 'UNAUTHORIZED'), /`ssoKey`.*Generate SSO key/],
    [
      403,
      refusal(403, 'INSUFFICIENT_PERMISSIONS', { requiredScopes: ['portal-sso-mint'] }),
      /`ssoKey` lacks the scope portal-sso-mint.*Generate SSO key/,
    ],
    [403, refusal(403, 'LICENSE.REQUIRED', { licenseKey: 'CustomerPortal' }), /licence CustomerPortal/],
    [404, refusal(404, 'CUSTOMER_NOT_FOUND'), /`customerId` that `identify` returned/],
    [200, { customerId: BUYER.customerId }, /checkoutBindToken must be/],
  ])('a refusal (%i) is not tried again, and its line names the fix', async (status, body, message) => {
    answers = [json(status, body)];
    const { minted, lines } = await mint(BUYER);
    expect(minted).toEqual({ bindToken: null, unbound: 'mint_refused' });
    expect(seen).toHaveLength(1);
    expect(lines).toMatchObject([{ level: 'error', event: 'ledgerbee.mint_refused' }]);
    expect(lines[0]?.message).toMatch(message);
    expect(JSON.stringify(lines)).not.toMatch(/fake-sso-key|buyer@shop|0190abcd/);
  });

  it('does not throw when the page that asked has gone', async () => {
    const controller = new AbortController();
    answers = [() => controller.abort()];
    const minted = await adapter().mintBindToken(BUYER, 'order-1', controller.signal, () => undefined);
    expect(minted).toEqual({ bindToken: null, unbound: 'mint_unavailable' });
  });
});

async function mint(
  identity: Identity | null,
  options: Partial<LedgerBeeOptions> = {},
): Promise<{ minted: MintedToken; lines: LogEntry[] }> {
  const lines: LogEntry[] = [];
  const minted = await adapter(options).mintBindToken(identity, 'order-1', never, (line) => lines.push(line));
  return { minted, lines };
}

function adapter(options: Partial<LedgerBeeOptions> = {}): VendorAdapter {
  return ledgerbee({ ...LEDGERBEE_OPTIONS, apiBaseUrl: baseUrl(), ...options });
}

function baseUrl(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_, res) =>
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The vendor's error envelope. */
function refusal(statusCode: number, code: string, details?: unknown): unknown {
  return {
    statusCode,
    timestamp: '2026-06-01T12:00:00.000Z',
    path: '/v1/x',
    message: 'for logs',
    code,
    details,
  };
}

function subscription(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'sub-1',
    customerId: 'customer-1',
    planId: 'plan-1',
    status: 'active',
    partnerReferenceId: 'order-1',
    ...fields,
  };
}
