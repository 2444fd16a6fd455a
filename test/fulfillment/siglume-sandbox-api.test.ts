import { createHash, createHmac } from 'node:crypto';
import {
  createManualClock,
  createSiglumeSandbox,
  type ManualClock,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buy,
  call,
  createSession,
  newSession,
  openSession,
  SESSIONS,
  SHOP,
} from './sandbox/siglume-client.js';

let clock: ManualClock;
let sandbox: SiglumeSandbox;

beforeEach(async () => {
  clock = createManualClock(Date.UTC(2026, 5, 20, 12));
  sandbox = await createSiglumeSandbox({
    returnOrigins: [SHOP],
    webhook: { url: 'https://hooks.shop.example/siglume' },
    clock,
  });
  // Nothing leaves this machine: the address above is there for its origin.
  for (const { id } of sandbox.webhooks.list()) sandbox.webhooks.pause(id);
});
afterEach(() => sandbox.close());

describe('a call', () => {
  it.each([
    ['no token', null, 401, 'UNAUTHORIZED'],
    ['another token', 'usr_other', 401, 'UNAUTHORIZED'],
    ['a portal key', 'cli_key', 403, 'FORBIDDEN'],
  ])('with %s is refused', async (_, token, status, code) => {
    for (const path of [
      `${SESSIONS}/chk_1`,
      '/market/webhooks/subscriptions',
      '/sdrp/metered/provider/summary',
    ]) {
      expect(await call(sandbox, path, { token })).toMatchObject({ status, error: { code } });
    }
  });

  it('is answered in the vendor’s envelope', async () => {
    const { text } = await call(sandbox, `/sdrp/direct-payments/merchants/${sandbox.merchant}`);
    expect(JSON.parse(text)).toMatchObject({
      data: {},
      error: null,
      meta: { request_id: expect.any(String) as string },
    });
    expect(JSON.parse((await call(sandbox, `${SESSIONS}/x`)).text)).toMatchObject({ data: null, meta: {} });
    sandbox.assumptions.set('errorEnvelope', 'bare');
    expect(Object.keys(JSON.parse((await call(sandbox, `${SESSIONS}/x`)).text) as object)).toEqual(['error']);
  });

  it('to nowhere is a route that is not found', async () => {
    expect(await call(sandbox, '/nowhere')).toMatchObject({
      status: 404,
      error: { code: 'ROUTE_NOT_FOUND' },
    });
  });
});

describe('a session', () => {
  it('is made open, for half an hour, with the hash that follows from the merchant’s secret', async () => {
    const { status, data } = await createSession(sandbox);
    const mac = createHmac('sha256', sandbox.challengeSecret())
      .update('sandbox_shop:1200:JPY:attempt-1')
      .digest('hex');
    const challenge = `siglume-external-402-v1:attempt-1:${mac}`;
    expect({ status, data }).toEqual({
      status: 201,
      data: {
        checkout_url: `${sandbox.checkoutOrigin}/pay/${String(data['session_id'])}`,
        session_id: expect.stringMatching(/^chk_/) as string,
        challenge_hash: `sha256:${createHash('sha256').update(challenge).digest('hex')}`,
        status: 'open',
        expires_at: '2026-06-20T12:30:00.000Z',
      },
    });
  });

  it('has another hash where the formula is not the vendor’s', async () => {
    const { data } = await createSession(sandbox);
    sandbox.assumptions.set('challengeHash', 'opaque');
    const other = await createSession(sandbox, { nonce: 'attempt-2' });
    expect(other.data['challenge_hash']).not.toBe(data['challenge_hash']);
    expect(other.data['challenge_hash']).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no merchant', { merchant: '' }, 'merchant'],
    ['an amount as text', { amount_minor: '1200' }, 'amount_minor'],
    ['an amount of nothing', { amount_minor: 0 }, 'amount_minor'],
    ['half a yen', { amount_minor: 1.5 }, 'amount_minor'],
    ['euros', { currency: 'EUR' }, 'currency'],
    ['no nonce', { nonce: ' ' }, 'nonce'],
    ['a nonce with a colon', { nonce: 'a:b' }, 'nonce'],
    ['a nonce that is too long', { nonce: 'x'.repeat(129) }, 'nonce'],
    ['no success URL', { success_url: undefined }, 'success_url'],
    ['a success URL elsewhere', { success_url: 'https://evil.example/' }, 'success_url'],
    ['a success URL that is a script', { success_url: 'javascript:alert(1)' }, 'success_url'],
    ['a cancel URL over plain http', { cancel_url: 'http://shop.example/' }, 'cancel_url'],
    ['a cancel URL with a user', { cancel_url: 'https://a@shop.example/' }, 'cancel_url'],
    ['metadata that is text', { metadata: 'x' }, 'metadata'],
    ['metadata that is too large', { metadata: { x: 'x'.repeat(4096) } }, 'metadata'],
  ])('with %s is refused, naming the field', async (_, change, field) => {
    expect(await createSession(sandbox, change)).toMatchObject({
      status: 422,
      error: { code: 'VALIDATION_ERROR', details: { field } },
    });
    expect(sandbox.sessions.list()).toEqual([]);
  });

  it('of another merchant is refused', async () => {
    expect(await createSession(sandbox, { merchant: 'other_shop' })).toMatchObject({
      status: 404,
      error: { code: 'EXTERNAL_402_MERCHANT_NOT_FOUND' },
    });
  });

  it('may return to the webhook’s own origin, which is listed nowhere', async () => {
    const { status } = await createSession(sandbox, { success_url: 'https://hooks.shop.example/done' });
    expect(status).toBe(201);
  });

  it('is not made before the account is ready', async () => {
    sandbox.setReadiness('billing_mandate', false);
    expect(await createSession(sandbox)).toMatchObject({
      status: 409,
      error: {
        code: 'HOSTED_CHECKOUT_READINESS_REQUIRED',
        details: { missing_requirements: ['billing_mandate'] },
      },
    });
    const readiness = await call(sandbox, `/sdrp/direct-payments/merchants/${sandbox.merchant}/readiness`);
    expect(readiness.data).toMatchObject({ standard_hosted_checkout_readiness: { ready: false } });
    await call(sandbox, `/sdrp/direct-payments/merchants/${sandbox.merchant}/billing-mandate`, { body: {} });
    expect((await createSession(sandbox)).status).toBe(201);
  });

  it('is read without its challenge and its buyer', async () => {
    const id = await buy(sandbox, { metadata: { order_id: 'o-1' } }, 'aoi@secret.example');
    const { data, text } = await call(sandbox, `${SESSIONS}/${id}`);
    expect(data).toMatchObject({
      session_id: id,
      merchant: 'sandbox_shop',
      amount_minor: 1200,
      currency: 'JPY',
      token_symbol: 'JPYC',
      status: 'paid',
      metadata_jsonb: { order_id: 'o-1' },
      pricing_band: 'standard',
      settlement_cadence: 'per_payment',
      finality: 'per_payment_onchain',
      protocol_fee_minor: '30',
      settlement_status: 'settled',
      requirement_id: expect.stringMatching(/^dpr_/) as string,
      chain_receipt_id: expect.stringMatching(/^chain_/) as string,
    });
    expect(text).not.toContain('aoi@secret.example');
    expect(text).not.toContain('siglume-external-402');
  });

  it('nobody made is not found', async () => {
    expect(await call(sandbox, `${SESSIONS}/chk_none`)).toMatchObject({
      status: 404,
      error: { code: 'CHECKOUT_SESSION_NOT_FOUND' },
    });
  });

  it.each([
    ['opened by nobody', [], 'expired'],
    ['signed in to', ['sign-in'], 'expired'],
    ['paid', ['buy'], 'paid'],
    ['cancelled', ['cancel'], 'cancelled'],
  ] as const)('that was %s is %3$s after half an hour', async (_, actions, status) => {
    const id = await openSession(sandbox);
    for (const action of actions) sandbox.sessions.act(id, action);
    clock.advance(1_800_000);
    expect((await call(sandbox, `${SESSIONS}/${id}`)).data).toMatchObject({ status });
  });
});

describe('a nonce used again', () => {
  it('gives the same session, while it lives and the rest is the same', async () => {
    const first = await createSession(sandbox);
    const again = await createSession(sandbox);
    expect(again).toMatchObject({ status: 200, data: first.data });
    sandbox.sessions.act(first.data['session_id'] as string, 'sign-in');
    expect((await createSession(sandbox)).data).toMatchObject({ status: 'authenticated' });
    expect(sandbox.sessions.list()).toHaveLength(1);
  });

  it.each([
    { amount_minor: 1201 },
    { currency: 'USD' },
    { success_url: `${SHOP}/other` },
    { cancel_url: `${SHOP}/other` },
  ])('for something else (%j) is a conflict', async (change) => {
    await createSession(sandbox);
    expect(await createSession(sandbox, change)).toMatchObject({
      status: 409,
      error: { code: 'CHECKOUT_NONCE_CONFLICT' },
    });
  });

  it.each(['buy', 'cancel', 'expire', 'fail'] as const)('after %s is a conflict', async (action) => {
    sandbox.sessions.act(await openSession(sandbox), action);
    expect(await createSession(sandbox)).toMatchObject({ status: 409 });
  });

  it('gives a new session each time where the vendor’s own sandbox is followed', async () => {
    sandbox.assumptions.set('repeatedNonce', 'new-session');
    const ids = [await openSession(sandbox), await openSession(sandbox)];
    expect(new Set(ids).size).toBe(2);
  });
});

describe('the merchant', () => {
  const path = '/sdrp/direct-payments/merchants';

  it('is read without any secret', async () => {
    const { data, text } = await call(sandbox, `${path}/${sandbox.merchant}`);
    expect(data).toMatchObject({ merchant_account: { merchant: 'sandbox_shop', billing_status: 'active' } });
    expect(text).not.toContain(sandbox.challengeSecret());
    expect(text).not.toContain(sandbox.webhookSecret);
  });

  it('lists other origins when it is set up again', async () => {
    const body = { merchant: 'Sandbox_Shop', checkout_allowed_origins: ['https://new.example/path'] };
    expect((await call(sandbox, path, { body })).data).toMatchObject({
      merchant_account: { checkout_allowed_origins: ['https://new.example'] },
    });
    expect((await createSession(sandbox)).status).toBe(422);
    const urls = { success_url: 'https://new.example/a', cancel_url: 'https://new.example/b' };
    expect((await createSession(sandbox, urls)).status).toBe(201);
  });

  it('gets a new challenge secret, shown once, and new hashes by it', async () => {
    const before = await createSession(sandbox);
    const old = sandbox.challengeSecret();
    const rotated = await call(sandbox, `${path}/${sandbox.merchant}/challenge-secret/rotate`, {
      method: 'POST',
    });
    expect(rotated.data).toMatchObject({
      challenge_secret: sandbox.challengeSecret(),
      challenge_secret_created: true,
    });
    expect(sandbox.challengeSecret()).not.toBe(old);
    expect((await createSession(sandbox)).data).toEqual(before.data);
    sandbox.sessions.act(before.data['session_id'] as string, 'cancel');
  });
});

describe('the two routes of the vendor’s own sandbox', () => {
  it('confirm a session once, however often they are asked', async () => {
    const id = await openSession(sandbox);
    const path = `/sandbox/checkout-sessions/${id}/confirm`;
    const first = await call(sandbox, path, { method: 'POST' });
    const again = await call(sandbox, path, { method: 'POST' });
    expect(first.data).toMatchObject({ session_id: id, status: 'paid' });
    expect(again.data['requirement_id']).toBe(first.data['requirement_id']);
    expect(sandbox.payments.list()).toHaveLength(1);
  });

  it('have nothing to send again before that', async () => {
    const path = `/sandbox/checkout-sessions/${await openSession(sandbox)}/redeliver`;
    expect(await call(sandbox, path, { method: 'POST' })).toMatchObject({
      status: 409,
      error: { code: 'CHECKOUT_SESSION_NOT_CONFIRMED' },
    });
  });
});

it('refuses a body that is no object', async () => {
  const response = await fetch(sandbox.apiBaseUrl + SESSIONS, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.merchantToken}` },
    body: 'no json',
  });
  expect(response.status).toBe(422);
  expect(await call(sandbox, SESSIONS, { body: [newSession()] })).toMatchObject({ status: 422 });
});
