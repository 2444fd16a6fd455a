import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity, LogEntry, MintedToken } from '../../src/fulfillment/ports.js';
import type { LedgerBeeOptions } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { json, LedgerBeeStub, never, refusal } from '../support/ledgerbee-api.js';

const BUYER: Identity = { email: 'buyer@shop.test', customerId: '0190abcd-0000-7000-8000-000000000001' };

let api: LedgerBeeStub;

beforeEach(async () => {
  api = await LedgerBeeStub.start();
});
afterEach(() => api.stop());

describe('mintBindToken', () => {
  const token = json(200, {
    customerId: BUYER.customerId,
    checkoutBindToken: 'bind-1',
    checkoutBindTokenExpiresAt: '2026-06-01T12:01:00.000Z',
  });

  it('provisions the customer with the SSO key and the documented fields alone', async () => {
    api.answers = [token];
    const { minted, lines } = await mint(BUYER);
    expect(minted).toEqual({ bindToken: 'bind-1', expiresAt: '2026-06-01T12:01:00.000Z' });
    expect(lines).toEqual([]);
    expect(api.seen).toMatchObject([
      { method: 'POST', headers: { 'x-api-key': 'fake-sso-key', 'content-type': 'application/json' } },
    ]);
    expect(api.seen[0]?.url.pathname).toBe('/api/v1/portal-sso/provision');
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual({
      customerId: BUYER.customerId,
      email: BUYER.email,
      mintCheckoutBindToken: true,
      clientReferenceId: 'order-1',
    });
  });

  it('sends a new customer without what the merchant keeps beside it', async () => {
    api.answers = [token];
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
    expect(JSON.parse(api.seen[0]?.body ?? '')).toMatchObject({ customer });
    expect(api.seen[0]?.body).not.toMatch(/passwordHash|customerId/);
  });

  it('asks nobody for a buyer who is not logged in', async () => {
    const { minted, lines } = await mint(null);
    expect(minted).toEqual({ bindToken: null, unbound: 'anonymous' });
    expect([api.seen, lines]).toEqual([[], []]);
  });

  it('tries once more when the vendor was not to be had', async () => {
    api.answers = [json(503, {}), token];
    expect((await mint(BUYER)).minted).toMatchObject({ bindToken: 'bind-1' });
    expect(api.seen).toHaveLength(2);
  });

  it('goes on without a token after two tries, and says so', async () => {
    api.answers = [json(503, {})];
    const { minted, lines } = await mint(BUYER);
    expect(minted).toEqual({ bindToken: null, unbound: 'mint_unavailable' });
    expect(api.seen).toHaveLength(2);
    expect(lines).toMatchObject([
      { level: 'warn', event: 'ledgerbee.mint_unavailable', fields: { order: 'order-1', status: 503 } },
    ]);
  });

  it('goes on without a token after two time-outs', async () => {
    api.answers = [() => undefined];
    // Counted where they begin: a time-out may come before the call has arrived.
    let tries = 0;
    const counted: typeof fetch = (...call) => {
      tries += 1;
      return fetch(...call);
    };
    expect((await mint(BUYER, { timeoutMs: 30, fetch: counted })).minted).toEqual({
      bindToken: null,
      unbound: 'mint_unavailable',
    });
    expect(tries).toBe(2);
  });

  it('does not press a vendor that limits the rate', async () => {
    api.answers = [json(429, {})];
    expect((await mint(BUYER)).minted).toMatchObject({ unbound: 'mint_unavailable' });
    expect(api.seen).toHaveLength(1);
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
    api.answers = [json(status, body)];
    const { minted, lines } = await mint(BUYER);
    expect(minted).toEqual({ bindToken: null, unbound: 'mint_refused' });
    expect(api.seen).toHaveLength(1);
    expect(lines).toMatchObject([{ level: 'error', event: 'ledgerbee.mint_refused' }]);
    expect(lines[0]?.message).toMatch(message);
    expect(JSON.stringify(lines)).not.toMatch(/fake-sso-key|buyer@shop|0190abcd/);
  });

  it('does not throw when the page that asked has gone', async () => {
    const controller = new AbortController();
    api.answers = [() => controller.abort()];
    const minted = await api.adapter().mintBindToken(BUYER, 'order-1', controller.signal, () => undefined);
    expect(minted).toEqual({ bindToken: null, unbound: 'mint_unavailable' });
  });
});

async function mint(
  identity: Identity | null,
  options: Partial<LedgerBeeOptions> = {},
): Promise<{ minted: MintedToken; lines: LogEntry[] }> {
  const lines: LogEntry[] = [];
  const minted = await api
    .adapter(options)
    .mintBindToken(identity, 'order-1', never, (line) => lines.push(line));
  return { minted, lines };
}
