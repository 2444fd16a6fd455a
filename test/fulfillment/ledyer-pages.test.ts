/** Ledyer's pages as a buyer's browser gets them, and the control API as a console does. */
import { createLedyerSandbox, type LedyerSandbox } from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SHOP = 'http://shop.localhost:4310';
let sandbox: LedyerSandbox;

beforeEach(async () => {
  sandbox = await createLedyerSandbox({ partnerOrigins: [SHOP] });
});
afterEach(() => sandbox.close());

/** By address: Node's resolver does not promise `*.localhost`. */
const at = (url: string): string => url.replace(sandbox.pagesOrigin, sandbox.apiBaseUrl);
const visit = async (url: string) => {
  const response = await fetch(at(url));
  return { status: response.status, html: await response.text(), headers: response.headers };
};
const submit = (path: string, fields: Record<string, string> = {}) =>
  fetch(sandbox.apiBaseUrl + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  });
const pay = (sessionId: string, method = 'invoice') => submit('/pay', { sessionId, method });

describe('the hosted checkout', () => {
  it('shows what is bought, for how much and by whom, in the buyer’s language', async () => {
    const { session } = sandbox.purchases.open({ locale: 'sv-SE' });
    const { status, html } = await visit(sandbox.checkoutUrl(session.id));
    expect(status).toBe(200);
    expect(html).toContain('<html lang="sv">');
    for (const words of ['Standing desk, oak', 'Nordlys Kontor AB', 'Lägg order', 'Faktura']) {
      expect(html).toContain(words);
    }
    expect(html.replace(/\s/g, ' ')).toMatch(/6 250,00 kr/);
  });

  it('runs no script of anybody and is shown in no frame', async () => {
    const { session } = sandbox.purchases.open();
    const { headers, html } = await visit(sandbox.checkoutUrl(session.id));
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toContain('<script');
  });

  it('writes what a merchant sent as text', async () => {
    const { session } = sandbox.purchases.open({ urls: { terms: 'https://shop.example/?a="><script>x' } });
    const { html } = await visit(sandbox.checkoutUrl(session.id));
    expect(html).not.toContain('"><script>');
  });

  it('orders by itself for a buyer without hands', async () => {
    sandbox.scenarios.set('buyer-orders', { times: 1 });
    const { session, orderId } = sandbox.purchases.open({ urls: { confirmation: `${SHOP}/thanks` } });
    const answer = await fetch(at(sandbox.checkoutUrl(session.id)), { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(`${SHOP}/thanks`);
    expect(sandbox.purchases.list()[0]!.order?.id).toBe(orderId);
  });

  it('places the order and goes back to the shop with both ids filled in', async () => {
    const confirmation = `${SHOP}/thanks?s={session.id}&o={order.id}`;
    const { session, orderId } = sandbox.purchases.open({ urls: { confirmation } });
    const answer = await pay(session.id);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`${SHOP}/thanks?s=${session.id}&o=${orderId}`);
    expect(sandbox.purchases.list()[0]!.order?.id).toBe(orderId);
  });

  it('places one order when the button is pressed twice', async () => {
    const { session } = sandbox.purchases.open();
    const answers = await Promise.all([pay(session.id), pay(session.id)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    const creates = sandbox.activity.list().filter(({ summary }) => summary === 'com.ledyer.order.create');
    expect(creates).toHaveLength(1);
  });

  it('ends in its own receipt where the shop named no page', async () => {
    const { session } = sandbox.purchases.open({ reference: 'order-17' });
    const { headers } = await pay(session.id);
    const { html } = await visit(sandbox.apiBaseUrl + headers.get('location')!);
    expect(html).toContain('data-testid="done"');
    expect(html).toContain('order-17');
  });

  it('sells nothing of a session that is over, unknown or paid in an unknown way', async () => {
    const { session } = sandbox.purchases.open();
    expect((await pay(session.id, 'gold')).status).toBe(404);
    sandbox.acts.expire(session.id);
    await pay(session.id);
    expect((await visit(sandbox.checkoutUrl(session.id))).html).toContain('data-testid="over"');
    expect(sandbox.purchases.list()[0]!.order).toBeNull();
    expect((await visit(sandbox.checkoutUrl('se_nobody'))).status).toBe(404);
  });
});

describe('the signatory’s page', () => {
  it('approves, once', async () => {
    const journey = sandbox.begin('signatory');
    journey.next();
    expect((await visit(sandbox.checkoutUrl(journey.sessionId))).html).toContain('data-testid="waiting"');
    expect((await visit(sandbox.signatoryUrl(journey.sessionId))).html).toContain('data-testid="approve"');
    await submit(`/sign/${journey.sessionId}/approve`);
    await submit(`/sign/${journey.sessionId}/decline`);
    expect((await visit(sandbox.signatoryUrl(journey.sessionId))).html).toContain('data-testid="signed"');
    expect(sandbox.purchases.list()[0]!.order).not.toBeNull();
  });

  it('declines, and no order is made', async () => {
    const journey = sandbox.begin('signatory');
    journey.next();
    await submit(`/sign/${journey.sessionId}/decline`);
    expect((await visit(sandbox.signatoryUrl(journey.sessionId))).html).toContain('data-testid="declined"');
    expect(sandbox.purchases.list()[0]!.order).toBeNull();
  });

  it('has nothing to ask about a session that waits for nobody', async () => {
    const { session } = sandbox.purchases.open();
    expect((await visit(sandbox.signatoryUrl(session.id))).status).toBe(404);
  });
});

describe('the dashboard', () => {
  it('says when nothing was sent, and knows no notification that never was', async () => {
    expect((await visit(sandbox.dashboardUrl)).html).toContain('data-testid="none"');
    expect((await submit('/merchant/notifications/nobody/replay')).status).toBe(404);
  });
});

describe('the control API', () => {
  const control = (path: string, body?: unknown, origin?: string) =>
    fetch(`${sandbox.apiBaseUrl}/_sandbox/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: origin === undefined ? {} : { origin },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('turns scenarios and assumptions for a partner’s page, and resets them', async () => {
    const answer = await control('scenarios', { name: 'api-down', on: true, times: 2 }, SHOP);
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
    await control('assumptions', { name: 'bodyShape', value: 'nested' }, SHOP);
    expect(sandbox.scenarios.list()).toContainEqual({ name: 'api-down', on: true, remaining: 2 });
    expect(sandbox.assumptions.current().bodyShape).toBe('nested');
    await control('reset', {}, SHOP);
    expect(sandbox.scenarios.list().filter(({ on }) => on)).toEqual([]);
    expect(sandbox.assumptions.current().bodyShape).toBe('flat');
  });

  it('does nothing for a page of another site', async () => {
    const answer = await control('scenarios', { name: 'api-down', on: true }, 'https://evil.example');
    expect(answer.status).toBe(403);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    expect(sandbox.scenarios.list().filter(({ on }) => on)).toEqual([]);
  });

  it.each([
    ['scenarios', { name: 'sunshine', on: true }],
    ['assumptions', { name: 'bodyShape', value: 'xml' }],
    ['scenarios', 7],
    ['purchases/se_1/steal', {}],
    ['notifications/nobody/replay', {}],
  ])('refuses what it does not know: %s %j', async (path, body) => {
    expect((await control(path, body)).status).toBe(400);
  });

  it('does the acts by name and shows the state', async () => {
    const { session, orderId } = sandbox.purchases.open();
    await control(`purchases/${session.id}/pay`, {});
    expect((await control(`purchases/${session.id}/pay`, {})).status).toBe(409);
    expect((await control('purchases/or_nobody/cancel', {})).status).toBe(404);
    const state = (await (await control('state')).json()) as Record<string, unknown>;
    expect(state['purchases']).toMatchObject([{ orderId, status: 'paymentConfirmed' }]);
  });

  it('shows no secret and no token', async () => {
    sandbox.notifications.register({ url: 'http://127.0.0.1:1/hook' });
    const journey = sandbox.begin('payments-signed-later');
    while (journey.next() !== null);
    const token = sandbox.authorizationTokenOf(journey.sessionId);
    const text = await (await control('state')).text();
    await sandbox.idle();
    expect(token).toMatch(/^at_/);
    expect(sandbox.notifications.list().some(({ body }) => body.includes(token!))).toBe(true);
    for (const secret of [token!, sandbox.credentials.clientSecret]) expect(text).not.toContain(secret);
    expect((await visit(sandbox.dashboardUrl)).html).not.toContain(token!);
  });
});
