/** The kit, its LedgerBee adapter and its Node handler over real HTTP, against the vendor's sandbox. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLedgerBeeSandbox, type LedgerBeeSandbox, type ScenarioName } from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import type { AttemptHandle, BindTokenAnswer } from '../../src/protocol/index.js';
import { EventReader } from './kit/event-reader.js';
import { eventually, ORIGIN, World, type Caller } from './kit/world.js';
import { confirm, mintSession } from './sandbox/client.js';

let world: World;
let sandbox: LedgerBeeSandbox;
let kit: Caller;
let server: Server;
let base: string;

beforeEach(async () => {
  world = await World.create();
  server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkout`;
  sandbox = await createLedgerBeeSandbox({
    partnerOrigins: [ORIGIN],
    allowLoopbackWebhooks: true,
    webhook: { url: `${base}/webhooks/ledgerbee` },
    timeScale: { webhooks: 100 },
  });
  const { customers, plans, keys, apiBaseUrl, webhookSecret } = sandbox;
  kit = await world.kit(
    {
      clock: Date.now,
      identify: ({ headers }) =>
        headers.get('x-buyer') === 'ada'
          ? { email: 'ida@nordlys.example', customerId: customers.company.id }
          : null,
      resolveOrder: (_, { order }) =>
        order === undefined ? null : { orderRef: order, planId: plans.pro.id },
      vendors: [
        ledgerbee({ apiBaseUrl, ssoKey: keys.sso, apiKey: keys.api, webhookSecrets: [webhookSecret] }),
      ],
      schedule: { sweepIntervalMs: 50, signalDelaysMs: [0, 200], settleMs: 100 },
    },
    { background: true },
  );
  const handler = toNodeHandler(kit.kit);
});
afterEach(async () => {
  await sandbox.close();
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A buyer who picks the monthly item in the portal's frame and confirms. */
async function checkOut(
  attempt: AttemptHandle,
  change: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const { bindToken } = (await (await kit.bindToken(attempt)).json()) as BindTokenAnswer;
  const session = await mintSession(sandbox, bindToken === null ? {} : { bindRef: bindToken });
  const anonymous = session.body['customer'] === null;
  const { body } = await confirm(
    sandbox,
    session.body['id'],
    anonymous ? { email: 'new@buyer.example', ...change } : change,
  );
  return body;
}

const fulfilled = (ref: string): Promise<void> =>
  eventually(async () => (await kit.kit.orders.read(ref))?.status === 'fulfilled');

describe('a bound purchase', () => {
  it('reaches the page’s stream as fulfilled, through the server and the signed webhook', async () => {
    const { attempt } = await kit.start('order-1');
    const response = await fetch(`${base}/attempts/${attempt.id}/events`, {
      headers: { authorization: `Bearer ${attempt.token}`, origin: ORIGIN },
    });
    const events = new EventReader(response);
    expect(await events.next()).toEqual({ v: 1, status: 'open' });
    expect(await checkOut(attempt)).toMatchObject({ status: 'CONFIRMED' });
    while ((await events.next()).status !== 'fulfilled');
    await events.cancel();
    await sandbox.idle();
    expect(await world.granted()).toMatchObject([
      { order_ref: 'order-1', subscription_id: sandbox.subscriptions.list()[0]?.id },
    ]);
  });

  it.each<ScenarioName>(['webhook-twice', 'webhook-out-of-order', 'webhook-late'])(
    'is fulfilled once under %s',
    async (scenario) => {
      sandbox.scenarios.set(scenario, true);
      const { attempt } = await kit.start('order-1');
      await checkOut(attempt);
      await fulfilled('order-1');
      await sandbox.idle();
      await kit.tick();
      expect(await world.granted()).toHaveLength(1);
    },
  );

  it.each<ScenarioName>(['webhook-lost', 'webhook-wrongly-signed', 'webhook-replayed'])(
    'is recovered by a signal under %s',
    async (scenario) => {
      sandbox.scenarios.set(scenario, true);
      const { attempt } = await kit.start('order-1');
      await checkOut(attempt);
      await kit.signal(attempt, 'confirmed');
      await fulfilled('order-1');
      expect(await world.granted()).toHaveLength(1);
    },
  );

  it('that follows one cancelled before it began is never told that it failed', async () => {
    const { attempt } = await kit.start('order-1');
    const startDate = new Date(Date.now() + 3 * 24 * 3600_000).toISOString().slice(0, 10);
    await checkOut(attempt, { startDate });
    await kit.signal(attempt, 'confirmed');
    const becomes = (status: string): Promise<void> =>
      eventually(async () => (await kit.kit.orders.read('order-1'))?.status === status);
    await becomes('pending');
    sandbox.subscriptions.churn(sandbox.subscriptions.list()[0]!.id);
    await becomes('failed');
    expect((await kit.status(attempt)).status).toBe('failed');
    expect((await kit.start('order-1')).next.type).toBe('frame');
    // The last question that the first signal asks for would find what is bought now, before its page has asked.
    await eventually(async () => {
      const [asked] = (await kit.order('order-1')).attempts;
      return Date.parse(asked?.nextReconcileAt ?? '') > Date.now() + 60_000;
    });

    sandbox.scenarios.set('webhook-lost', true);
    expect(await checkOut(attempt)).toMatchObject({ status: 'CONFIRMED' });
    const events = new EventReader(await kit.about(attempt, '/events'));
    expect(await events.next()).toEqual({ v: 1, status: 'open' });
    await kit.signal(attempt, 'confirmed');
    const seen: string[] = [];
    while (seen.at(-1) !== 'fulfilled') seen.push((await events.next()).status);
    expect(seen).not.toContain('failed');
    await events.cancel();
    expect(await world.granted()).toHaveLength(1);
  });

  it('is taken back once when the subscription is cancelled', async () => {
    const { attempt } = await kit.start('order-1');
    await checkOut(attempt);
    await fulfilled('order-1');
    sandbox.subscriptions.churn(sandbox.subscriptions.list()[0]!.id);
    await eventually(async () => (await world.granted('revoke')).length > 0);
    await sandbox.idle();
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('ended');
    expect(await world.granted('revoke')).toHaveLength(1);
  });
});

describe('a purchase whose reference is lost', () => {
  it('leaves its attempt open and is fulfilled under its own id, once, after the magic link', async () => {
    sandbox.scenarios.set('bind-ref-expired', true);
    const { attempt } = await kit.start('order-1');
    expect(await checkOut(attempt)).toMatchObject({ status: 'PENDING_VERIFICATION' });
    await kit.signal(attempt, 'pending');
    expect((await kit.order('order-1')).attempts).toMatchObject([{ unbound: 'reference_lost' }]);

    const [mail] = sandbox.mail.list();
    const link = new URL(mail?.url ?? '');
    // The click alone subscribes.
    await fetch(sandbox.portalAddress + link.pathname + link.search);
    const [subscription] = sandbox.subscriptions.list();
    await fulfilled(`ledgerbee:${subscription?.id ?? ''}`);
    await sandbox.idle();
    await kit.tick();
    expect(await world.granted()).toMatchObject([{ order_ref: `ledgerbee:${subscription?.id ?? ''}` }]);
    expect((await kit.status(attempt)).status).toBe('open');
  });
});
