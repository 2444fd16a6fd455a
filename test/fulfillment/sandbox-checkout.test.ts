import { createLedgerBeeSandbox, createManualClock, type LedgerBeeSandbox } from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buyBound, confirm, mintBindRef, mintSession, readSession, reasonOf } from './sandbox/client.js';

const SHOP = 'http://shop.localhost:4310';
const clock = createManualClock();
let sandbox: LedgerBeeSandbox;

beforeEach(async () => {
  sandbox = await createLedgerBeeSandbox({ partnerOrigins: [SHOP], clock });
});
afterEach(() => sandbox.close());

const bound = async (change: Record<string, unknown> = {}) =>
  mintSession(sandbox, { bindRef: await mintBindRef(sandbox, 'order-1'), ...change });

describe('a bound checkout', () => {
  it('confirms to one subscription that carries the reference', async () => {
    const session = await bound();
    expect(session.body).toMatchObject({
      customer: { name: 'Nordlys Design ApS', email: 'ida@nordlys.example' },
      paymentRequired: false,
    });
    const confirmed = await confirm(sandbox, session.body['id']);
    expect(confirmed.body['status']).toBe('CONFIRMED');
    expect(sandbox.subscriptions.list()).toMatchObject([
      { id: confirmed.body['subscriptionId'], status: 'active', partnerReferenceId: 'order-1' },
    ]);
  });

  it('starts on a later date when the buyer asks for it', async () => {
    const startDate = new Date(clock.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    await confirm(sandbox, (await bound()).body['id'], { startDate });
    expect(sandbox.subscriptions.list()[0]).toMatchObject({ status: 'scheduled' });
  });

  it('trims the reference and keeps its case', async () => {
    await buyBound(sandbox, ' Order-1 ');
    expect(sandbox.subscriptions.list()[0]?.partnerReferenceId).toBe('Order-1');
  });

  it('of an item paid by card first breaks out, and waits for the money', async () => {
    const session = await bound({ planItemId: sandbox.plans.pro.items.payFirst.id });
    expect(session.body['paymentRequired']).toBe(true);
    const confirmed = await confirm(sandbox, session.body['id']);
    expect(confirmed.body).toEqual({
      status: 'PAYMENT_REQUIRED',
      paymentUrl: expect.stringMatching(/^\/onpay\//) as string,
    });
    expect(sandbox.subscriptions.list()[0]?.status).toBe('awaiting_payment');
  });
});

describe('a bind ref', () => {
  it('is spent at the mint, even if the session is then left: the next goes on anonymously', async () => {
    const bindRef = await mintBindRef(sandbox, 'order-1');
    await mintSession(sandbox, { bindRef });
    const second = await mintSession(sandbox, { bindRef });
    expect(second.status).toBe(201);
    expect(second.body['customer']).toBeNull();
  });

  it('is spent at the confirm when the assumption says so', async () => {
    sandbox.assumptions.set('bindRefSpentAt', 'confirm');
    const bindRef = await mintBindRef(sandbox, 'order-1');
    await mintSession(sandbox, { bindRef });
    const second = await mintSession(sandbox, { bindRef });
    expect(second.body['customer']).not.toBeNull();
    await confirm(sandbox, second.body['id']);
    expect((await mintSession(sandbox, { bindRef })).body['customer']).toBeNull();
  });

  it('lives a minute, and then goes on anonymously', async () => {
    const bindRef = await mintBindRef(sandbox);
    clock.advance(60_000);
    expect((await mintSession(sandbox, { bindRef })).body['customer']).toBeNull();
  });

  it.each(['bind-ref-expired', 'bind-ref-reused'] as const)(
    'goes on anonymously by the scenario %s, once',
    async (scenario) => {
      sandbox.scenarios.set(scenario, { times: 1 });
      expect((await bound()).body['customer']).toBeNull();
      expect((await bound()).body['customer']).not.toBeNull();
    },
  );

  it('nobody issued is no error', async () => {
    expect(await mintSession(sandbox, { bindRef: 'cbr_made-up' })).toMatchObject({
      status: 201,
      body: { customer: null },
    });
  });

  it('of another tenant is refused', async () => {
    sandbox.scenarios.set('bind-ref-foreign', { times: 1 });
    const refused = await bound();
    expect(refused).toMatchObject({ status: 400, body: { code: 'PORTAL_CHECKOUT_SESSION_INVALID' } });
    expect(reasonOf(refused)).toBe('TENANT_OR_ITEM_MISMATCH');
  });
});

describe('an anonymous checkout', () => {
  const pending = async (): Promise<string> => {
    const session = await mintSession(sandbox);
    await confirm(sandbox, session.body['id'], { email: 'buyer@mail.example' });
    return sandbox.mail.list().at(-1)!.url.replace(sandbox.portalOrigin, sandbox.portalAddress);
  };

  it('needs an e-mail address', async () => {
    const session = await mintSession(sandbox);
    expect((await confirm(sandbox, session.body['id'])).body['code']).toBe('SHARED_VALIDATION_FAILED');
  });

  it('sends a link and makes no subscription', async () => {
    const session = await mintSession(sandbox);
    const confirmed = await confirm(sandbox, session.body['id'], { email: 'buyer@mail.example' });
    expect(confirmed.body).toEqual({ status: 'PENDING_VERIFICATION', returnUrl: null });
    expect(sandbox.mail.list()).toMatchObject([{ to: 'buyer@mail.example', usedAt: null }]);
    expect(sandbox.subscriptions.list()).toEqual([]);
  });

  it('becomes a subscription without a reference by the click, once', async () => {
    const link = await pending();
    expect((await fetch(link)).status).toBe(200);
    expect((await fetch(link)).status).toBe(410);
    expect(sandbox.subscriptions.list()).toMatchObject([{ status: 'active', partnerReferenceId: null }]);
    expect(sandbox.mail.list()[0]?.usedAt).not.toBeNull();
  });

  it('keeps its link for a day', async () => {
    const link = await pending();
    clock.advance(24 * 3_600_000);
    expect((await fetch(link)).status).toBe(410);
    expect(sandbox.subscriptions.list()).toEqual([]);
  });

  it('of an item paid by card first goes on to the payment from the link', async () => {
    const session = await mintSession(sandbox, { planItemId: sandbox.plans.pro.items.payFirst.id });
    await confirm(sandbox, session.body['id'], { email: 'buyer@mail.example' });
    const link = sandbox.mail.list()[0]!.url.replace(sandbox.portalOrigin, sandbox.portalAddress);
    const answer = await fetch(link, { redirect: 'manual' });
    expect(answer.headers.get('location')).toMatch(/^\/onpay\//);
    expect(sandbox.subscriptions.list()[0]?.status).toBe('awaiting_payment');
  });

  it('is refused while self-signup is off, where a bound one is not', async () => {
    sandbox.settings.set({ selfSignup: false });
    expect(await mintSession(sandbox)).toMatchObject({
      status: 403,
      body: { code: 'PORTAL_SELF_SIGNUP_DISABLED' },
    });
    expect((await bound()).status).toBe(201);
  });
});

describe('a session', () => {
  it('is gone after half an hour, at confirm and at resume', async () => {
    const session = await bound();
    expect((await readSession(sandbox, String(session.body['id']))).status).toBe(200);
    clock.advance(30 * 60_000);
    const refused = await confirm(sandbox, session.body['id']);
    expect(refused).toMatchObject({ status: 410, body: { code: 'PORTAL_CHECKOUT_SESSION_INVALID' } });
    expect(reasonOf(refused)).toBe('EXPIRED_OR_NOT_FOUND');
    expect((await readSession(sandbox, String(session.body['id']))).status).toBe(410);
  });

  it('is gone once it was confirmed', async () => {
    const session = await bound();
    await confirm(sandbox, session.body['id']);
    const again = await confirm(sandbox, session.body['id']);
    expect([again.status, reasonOf(again)]).toEqual([410, 'EXPIRED_OR_NOT_FOUND']);
    expect(sandbox.subscriptions.list()).toHaveLength(1);
  });

  it('that was forged is refused', async () => {
    const forged = await confirm(sandbox, 'made-up');
    expect([forged.status, reasonOf(forged)]).toEqual([400, 'TENANT_OR_ITEM_MISMATCH']);
  });

  it('answers a double submit while the first is processed, and subscribes once', async () => {
    // Processed for so long that the second surely meets it.
    sandbox.scenarios.set('duplicate-confirm', { times: 1 });
    const session = await bound();
    const answers = await Promise.all([
      confirm(sandbox, session.body['id']),
      confirm(sandbox, session.body['id']),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(refused.body['code']).toBe('PORTAL_CHECKOUT_IN_PROGRESS');
    expect(reasonOf(refused)).toBeUndefined();
    expect(sandbox.subscriptions.list()).toHaveLength(1);
  });

  it('survives stale terms and can be confirmed with the new ones', async () => {
    sandbox.scenarios.set('confirm-fails', { times: 1 });
    const session = await bound();
    const stale = await confirm(sandbox, session.body['id']);
    expect(stale).toMatchObject({ status: 409, body: { code: 'PORTAL_CHECKOUT_TERMS_STALE' } });
    expect((await confirm(sandbox, session.body['id'])).status).toBe(200);
  });

  it.each([
    ['yesterday', -86_400_000],
    ['in two years', 730 * 86_400_000],
  ])('cannot start %s', async (_, offsetMs) => {
    const startDate = new Date(clock.now() + offsetMs).toISOString().slice(0, 10);
    const refused = await confirm(sandbox, (await bound()).body['id'], { startDate });
    expect(refused).toMatchObject({ status: 400, body: { code: 'PORTAL_CHECKOUT_START_DATE_INVALID' } });
  });

  it('is gone by the scenario, and a fresh one works', async () => {
    sandbox.scenarios.set('session-expired', { times: 1 });
    expect((await confirm(sandbox, (await bound()).body['id'])).status).toBe(410);
    expect((await confirm(sandbox, (await bound()).body['id'])).status).toBe(200);
  });

  it('cannot be minted for a custom card, a gated plan, or while minting fails', async () => {
    const { pro, gated } = sandbox.plans;
    expect((await mintSession(sandbox, { planItemId: pro.items.custom.id })).status).toBe(400);
    const gatedItem = { planVersionId: gated.versionId, planItemId: gated.items.seat.id };
    expect((await mintSession(sandbox, gatedItem)).status).toBe(400);
    sandbox.scenarios.set('mint-fails', { times: 1 });
    expect((await mintSession(sandbox)).status).toBe(503);
    expect((await mintSession(sandbox)).status).toBe(201);
  });
});

describe('a return URL', () => {
  it.each([
    ['keeps what it has', `${SHOP}/thanks?cart=7`, `${SHOP}/thanks?cart=7&subscriptionId=`],
    ['of another origin is ignored', 'http://evil.localhost/thanks', null],
    ['that is a script is ignored', 'javascript:alert(1)', null],
    ['that is relative is ignored', '/thanks', null],
  ])('%s', async (_, returnUrl, expected) => {
    const session = await bound({ returnUrl });
    const { body } = await confirm(sandbox, session.body['id']);
    expect(body['returnUrl']).toBe(expected === null ? null : expected + String(body['subscriptionId']));
  });

  it('says pending, and no id, for a magic link', async () => {
    const session = await mintSession(sandbox, { returnUrl: `${SHOP}/thanks` });
    const { body } = await confirm(sandbox, session.body['id'], { email: 'buyer@mail.example' });
    expect(body['returnUrl']).toBe(`${SHOP}/thanks?checkout=pending`);
  });
});

describe('a card payment', () => {
  const pay = async (action: string, change: Record<string, unknown> = {}) => {
    const session = await bound({ planItemId: sandbox.plans.pro.items.payFirst.id, ...change });
    const { body } = await confirm(sandbox, session.body['id']);
    return fetch(`${sandbox.portalAddress}${String(body['paymentUrl'])}/${action}`, {
      method: 'POST',
      redirect: 'manual',
    });
  };
  const status = () => sandbox.subscriptions.list()[0]?.status;

  it('paid makes the subscription active and returns with its id', async () => {
    const answer = await pay('pay', { returnUrl: `${SHOP}/thanks` });
    expect(status()).toBe('active');
    const { id } = sandbox.subscriptions.list()[0]!;
    expect(answer.headers.get('location')).toBe(`${SHOP}/thanks?subscriptionId=${id}`);
  });

  it.each(['decline', 'close'])('by %s leaves it waiting', async (action) => {
    await pay(action);
    expect(status()).toBe('awaiting_payment');
  });
});
