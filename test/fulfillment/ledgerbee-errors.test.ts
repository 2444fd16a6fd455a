import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, LedgerBeeStub, never, refusal, subscription } from '../support/ledgerbee-api.js';

let api: LedgerBeeStub;

beforeEach(async () => {
  api = await LedgerBeeStub.start();
});
afterEach(() => api.stop());

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
    api.answers = [json(status, body)];
    const thrown = api.adapter().fetchSubject('sub-1', never);
    await expect(thrown).rejects.toMatchObject({ name: 'VendorError', status, ...error });
    await expect(thrown).rejects.toThrow(message);
    await expect(thrown).rejects.not.toThrow(/fake-api-key|buyer@shop|sub-1/);
  });

  it('repeats nothing of an answer that does not look like a code or a name', async () => {
    api.answers = [
      json(403, {
        statusCode: 403,
        code: 'buyer@shop.test',
        details: { requiredScopes: ['a b', 'x'.repeat(500)] },
      }),
    ];
    await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
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
    api.answers = [json(429, {}, { 'retry-after': header })];
    await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({ retryAfterMs });
  });

  it('carries a Retry-After that is a date', async () => {
    api.answers = [json(503, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })];
    const error = await api
      .adapter()
      .fetchSubject('sub-1', never)
      .catch((thrown: unknown) => thrown);
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it.each([301, 302, 303, 307, 308])('carries no key to where a %i points', async (status) => {
    const elsewhere = await LedgerBeeStub.start();
    elsewhere.answers = [json(200, subscription())];
    // Another host by its name, and the same one at another port.
    for (const host of ['127.0.0.1', 'localhost']) {
      api.seen.length = 0;
      api.answers = [json(status, {}, { location: elsewhere.baseUrl.replace('127.0.0.1', host) })];
      await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
        code: 'rejected',
        status,
      });
      await expect(api.adapter().listByReference('order-1', never)).rejects.toMatchObject({ status });
      const identity = { email: 'ada@example.test', customerId: 'customer-1' };
      const minted = await api.adapter().mintBindToken(identity, 'order-1', never, () => undefined);
      expect(minted).toEqual({ bindToken: null, unbound: 'mint_refused' });
      expect(api.seen).toHaveLength(3);
    }
    expect(elsewhere.seen).toEqual([]);
  });

  it('is a time-out when no answer comes in time', async () => {
    api.answers = [() => undefined];
    await expect(api.adapter({ timeoutMs: 30 }).fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'timeout',
      status: null,
    });
  });

  it('is a time-out when the body never ends', async () => {
    api.answers = [(_, res) => res.writeHead(200).write('{')];
    await expect(api.adapter({ timeoutMs: 100 }).fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'timeout',
    });
  });

  it('is unavailable when nobody listens', async () => {
    const gone = api.adapter();
    await api.stop();
    await expect(gone.fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'unavailable',
      status: null,
    });
  });

  it("is the caller's own reason when the caller gave up", async () => {
    const controller = new AbortController();
    api.answers = [() => controller.abort(new Error('closing'))];
    await expect(api.adapter().fetchSubject('sub-1', controller.signal)).rejects.toThrow('closing');
  });
});
