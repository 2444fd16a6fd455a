import {
  createManualClock,
  createSiglumeSandbox,
  type ManualClock,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, SHOP } from './sandbox/siglume-client.js';

let clock: ManualClock;
let sandbox: SiglumeSandbox;

beforeEach(async () => {
  clock = createManualClock();
  sandbox = await createSiglumeSandbox({ returnOrigins: [SHOP], clock });
});
afterEach(() => sandbox.close());

interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
  readonly headers: Headers;
}

/** What a browser does, without following where it is sent. */
async function visit(
  path: string,
  form?: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Shown> {
  const response = await fetch(sandbox.checkoutAddress + path, {
    redirect: 'manual',
    headers,
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
    headers: response.headers,
  };
}

const stepOf = ({ text }: Shown): string | undefined => /data-step="([^"]+)"/.exec(text)?.[1];
const endOf = ({ text }: Shown): string | undefined => /data-testid="checkout-(\w+)"/.exec(text)?.[1];
const statusOf = (id: string): string | undefined =>
  sandbox.sessions.list().find((session) => session.id === id)?.status;

describe('a buyer', () => {
  it('signs in, allows the payment, pays, and is sent back', async () => {
    const id = await openSession(sandbox, { success_url: `${SHOP}/success?order=1` });
    expect(stepOf(await visit(`/pay/${id}`))).toBe('Sign in');
    expect((await visit(`/pay/${id}/sign-in`, { email: 'aoi@buyer.example' })).location).toBe(`/pay/${id}`);
    const approve = await visit(`/pay/${id}`);
    expect(stepOf(approve)).toBe('Approve');
    expect(approve.text).toContain('aoi@buyer.example');
    await visit(`/pay/${id}/approve`, {});
    const pay = await visit(`/pay/${id}`);
    expect(stepOf(pay)).toBe('Pay');
    expect(pay.text).toContain('¥1,200');
    expect(await visit(`/pay/${id}/pay`, {})).toMatchObject({
      status: 303,
      location: `${SHOP}/success?order=1&session_id=${id}`,
    });
    expect(sandbox.payments.list()).toMatchObject([{ settlementStatus: 'settled' }]);
  });

  it('is sent back to the bare address, where the vendor adds nothing', async () => {
    sandbox.assumptions.set('successQuery', false);
    const id = await openSession(sandbox);
    for (const step of ['sign-in', 'approve']) await visit(`/pay/${id}/${step}`, {});
    expect((await visit(`/pay/${id}/pay`, {})).location).toBe(`${SHOP}/success`);
  });

  it('who presses twice has paid once', async () => {
    const id = await openSession(sandbox);
    for (const step of ['sign-in', 'approve']) await visit(`/pay/${id}/${step}`, {});
    const presses = await Promise.all([1, 2, 3].map(() => visit(`/pay/${id}/pay`, {})));
    expect(presses.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(sandbox.payments.list()).toHaveLength(1);
    expect(endOf(await visit(`/pay/${id}`))).toBe('paid');
  });

  it.each([
    ['buyer-pays', 'success', 'paid'],
    ['buyer-cancels', 'cancel', 'cancelled'],
  ] as const)('without hands (%s) is sent to the %s address at once', async (habit, page, status) => {
    sandbox.faults.set(habit, { times: 1 });
    const id = await openSession(sandbox);
    expect((await visit(`/pay/${id}`)).location).toMatch(new RegExp(`^${SHOP}/${page}`));
    expect(statusOf(id)).toBe(status);
    // Once: the next visit is a person's.
    expect(endOf(await visit(`/pay/${id}`))).toBe(status);
  });

  it('who leaves is sent to the cancel address, and can pay no more', async () => {
    const id = await openSession(sandbox);
    expect((await visit(`/pay/${id}/cancel`, {})).location).toBe(`${SHOP}/cancel`);
    expect(statusOf(id)).toBe('cancelled');
    expect((await visit(`/pay/${id}/sign-in`, { email: 'a@b.example' })).status).toBe(409);
    expect(endOf(await visit(`/pay/${id}`))).toBe('cancelled');
  });

  it('cannot pay before signing in and allowing it', async () => {
    const id = await openSession(sandbox);
    expect((await visit(`/pay/${id}/pay`, {})).status).toBe(409);
    await visit(`/pay/${id}/sign-in`, { email: 'a@b.example' });
    expect((await visit(`/pay/${id}/pay`, {})).status).toBe(409);
    expect(sandbox.payments.list()).toEqual([]);
  });

  it('who comes too late finds it expired', async () => {
    const id = await openSession(sandbox);
    clock.advance(1_800_000);
    expect(endOf(await visit(`/pay/${id}`))).toBe('expired');
    expect((await visit(`/pay/${id}/sign-in`, { email: 'a@b.example' })).status).toBe(409);
  });

  it.each([
    ['after-sign-in', 303, 1],
    ['never', 409, 0],
  ] as const)('who signed in before the end may pay after it: %s', async (rule, status, payments) => {
    sandbox.assumptions.set('payAfterExpiry', rule);
    const id = await openSession(sandbox);
    for (const step of ['sign-in', 'approve']) await visit(`/pay/${id}/${step}`, {});
    clock.advance(1_800_000);
    expect((await visit(`/pay/${id}/pay`, {})).status).toBe(status);
    expect(sandbox.payments.list()).toHaveLength(payments);
    expect(statusOf(id)).toBe('expired');
  });

  it('waits while the wallet confirms', async () => {
    sandbox.assumptions.set('confirmDelay', '30s');
    const id = await openSession(sandbox);
    sandbox.sessions.act(id, 'buy');
    expect(endOf(await visit(`/pay/${id}`))).toBe('processing');
    clock.advance(30_000);
    expect(endOf(await visit(`/pay/${id}`))).toBe('paid');
  });

  it('is told that a small payment is debited later', async () => {
    const id = await openSession(sandbox, { amount_minor: 250, currency: 'USD' });
    for (const step of ['sign-in', 'approve']) await visit(`/pay/${id}/${step}`, {});
    const { text } = await visit(`/pay/${id}`);
    expect(text).toContain('$2.50');
    expect(text).toContain('Debited later');
  });
});

describe('the pages', () => {
  it('run nothing, load nothing and are framed by nobody', async () => {
    const { headers, text } = await visit(`/pay/${await openSession(sandbox)}`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(text).not.toContain('<script');
  });

  it('write what a buyer typed as text', async () => {
    const id = await openSession(sandbox);
    await visit(`/pay/${id}/sign-in`, { email: '<b>x</b>@buyer.example' });
    const { text } = await visit(`/pay/${id}`);
    expect(text).toContain('&lt;b&gt;');
    expect(text).not.toContain('<b>x');
  });

  it.each([
    ['by its origin', { origin: 'https://evil.example' }],
    ['by its site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuse a press from another page, known %s', async (_, headers) => {
    const id = await openSession(sandbox);
    expect((await visit(`/pay/${id}/sign-in`, { email: 'a@b.example' }, headers)).status).toBe(403);
    expect(statusOf(id)).toBe('open');
  });

  it('have none for a session or a step that is not', async () => {
    expect((await visit('/pay/chk_none')).status).toBe(404);
    expect((await visit(`/pay/${await openSession(sandbox)}/elsewhere`, {})).status).toBe(404);
    expect((await visit('/')).status).toBe(404);
  });
});

describe('the control API', () => {
  const control = async (
    path: string,
    body?: unknown,
    origin?: string,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${sandbox.checkoutAddress}/_sandbox${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: origin === undefined ? {} : { origin },
    });
    return { status: response.status, body: await response.json() };
  };

  it('turns faults and assumptions, and puts them back', async () => {
    await control('/faults', { name: 'rate-limited', on: true, times: 2 }, SHOP);
    await control('/assumptions', { name: 'spentEvent', value: false });
    await control('/readiness', { check: 'live_mode', met: false });
    expect((await control('/state')).body).toMatchObject({
      faults: expect.arrayContaining([{ name: 'rate-limited', on: true, remaining: 2 }]) as unknown,
      assumptions: { spentEvent: false },
      merchant: { missing: ['live_mode'] },
    });
    await control('/reset', {});
    const { body } = await control('/state');
    expect(body).toMatchObject({ assumptions: { spentEvent: true }, merchant: { missing: [] } });
    expect(JSON.stringify(body)).not.toContain(sandbox.merchantToken);
  });

  it('does a buyer’s steps', async () => {
    const id = await openSession(sandbox);
    expect(await control(`/sessions/${id}/buy`, {})).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect((await control(`/sessions/${id}/buy`, {})).status).toBe(409);
    expect((await control(`/sessions/${id}/fly`, {})).status).toBe(400);
    expect((await control('/sessions/none/buy', {})).status).toBe(400);
  });

  it('refuses names it does not know, and pages it was not opened to, before anything is turned', async () => {
    expect((await control('/faults', { name: 'nonsense', on: true })).status).toBe(400);
    expect((await control('/assumptions', { name: 'spentEvent', value: 'perhaps' })).status).toBe(400);
    const foreign = await control('/faults', { name: 'rate-limited', on: true }, 'https://evil.example');
    expect(foreign.status).toBe(403);
    expect(sandbox.faults.list().every(({ on }) => !on)).toBe(true);
  });
});
