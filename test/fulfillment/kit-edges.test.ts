/** What a delivery and a page may look like at the edge: nothing genuine is lost, nothing strange gets in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import express from 'express';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import { closeServers, listen } from '../support/http.js';
import { newSecret, signed } from '../support/ledgerbee.js';
import { json, LedgerBeeStub } from '../support/ledgerbee-api.js';
import { ORIGIN, World, type Caller } from './kit/world.js';

const SECRETS = [newSecret(), newSecret()];

let world: World;
let api: LedgerBeeStub;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  api = await LedgerBeeStub.start();
  kit = await world.kit({ vendors: [api.adapter({ webhookSecrets: SECRETS })] });
});
afterEach(async () => {
  await closeServers();
  await world.close();
});

const BODY = new TextEncoder().encode('{"type":"webhook.test","data":{"test":true}}');
const url = 'http://api.test/checkout/webhooks/ledgerbee';
const good = (secret = SECRETS[0]!): Headers =>
  signed(BODY, { secret, id: 'msg-1', atSeconds: Math.floor(world.now / 1000) });
const deliver = (headers: Headers): Promise<Response> =>
  kit.kit.fetch(new Request(url, { method: 'POST', headers, body: BODY }));
const stored = async (): Promise<number> =>
  (await world.pool.query(`SELECT 1 FROM ${world.schema}.inbox`)).rowCount ?? 0;

describe('a genuine delivery', () => {
  // The vendor's contract promises no type, and a proxy may write another.
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    null,
  ])('is recorded whatever its type says: %s', async (type) => {
    const headers = good();
    if (type !== null) headers.set('content-type', type);
    expect((await deliver(headers)).status).toBe(204);
    expect(await stored()).toBe(1);
  });

  it('is recorded under either secret while one is rolled', async () => {
    for (const secret of SECRETS) expect((await deliver(good(secret))).status).toBe(204);
    expect((await deliver(good(newSecret()))).status).toBe(401);
  });

  it('whose bytes a parser has read is refused with how to mount, and not lost: the vendor sends it again', async () => {
    const origin = await listen(
      express()
        .use(express.json())
        .use(toNodeHandler(kit.kit, { log: () => undefined })),
    );
    const headers = good();
    headers.set('content-type', 'application/json');
    const init = { method: 'POST', headers, body: BODY };
    const answer = await fetch(`${origin}/checkout/webhooks/ledgerbee`, init);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('app.use(toNodeHandler(kit)), then app.use(express.json())');
    expect(await stored()).toBe(0);
  });
});

describe('a header that is not as it should be', () => {
  it.each([
    ['webhook-id', ''],
    ['webhook-id', 'a b'],
    ['webhook-id', 'x'.repeat(256)],
    ['webhook-timestamp', 'NaN'],
    ['webhook-timestamp', '1e99'],
    ['webhook-timestamp', '-1'],
    ['webhook-signature', 'v1'],
    ['webhook-signature', 'v1,short'],
    ['webhook-signature', 'v1a,' + 'A'.repeat(43) + '='],
  ])('%s: %j is 401, and nothing is stored', async (name, value) => {
    const headers = good();
    headers.set(name, value);
    expect((await deliver(headers)).status).toBe(401);
    expect(await stored()).toBe(0);
  });
});

describe('a page of another site', () => {
  it.each([
    ['POST', '/bind-token'],
    ['POST', '/signals'],
    ['GET', ''],
    ['GET', '/events'],
  ])('is refused %s …%s, also with a good token', async (method, path) => {
    const { attempt } = await kit.start('order-1');
    const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
    const refused = await kit.about(attempt, path, { method, headers });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(api.seen).toEqual([]);
  });

  it('is refused a read without an origin that its browser calls cross-site', async () => {
    const { attempt } = await kit.start('order-1');
    const answer = await kit.kit.fetch(
      new Request(`http://api.test/checkout/attempts/${attempt.id}`, {
        headers: { authorization: `Bearer ${attempt.token}`, 'sec-fetch-site': 'cross-site' },
      }),
    );
    expect(answer.status).toBe(403);
  });
});

it('an order reference that looks like a path or a query stays a value in the vendor’s URL', async () => {
  api.answers = [json(200, { data: [], total: 0 })];
  const reference = '../../v1/customers?status=active&x=%2e%2e/#a';
  const opened = await kit.fetch('/attempts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ v: 1, vendor: 'ledgerbee', order: reference, page: ORIGIN }),
  });
  expect(opened.status).toBe(201);
  world.pass(120_000);
  await kit.tick();
  expect(api.seen.map(({ url: asked }) => asked.pathname)).toEqual(['/api/v1/subscriptions']);
  expect([...api.seen[0]!.url.searchParams]).toEqual([['partnerReferenceId', reference]]);
});

it('a subject that looks like a path never reaches the vendor’s URL', async () => {
  const body = new TextEncoder().encode(
    '{"type":"subscription.started","data":{"subscriptionId":"../customers","partnerReferenceId":null}}',
  );
  const headers = signed(body, { secret: SECRETS[0]!, id: 'msg-2', atSeconds: Math.floor(world.now / 1000) });
  expect((await kit.kit.fetch(new Request(url, { method: 'POST', headers, body }))).status).toBe(204);
  await kit.tick();
  expect(api.seen).toEqual([]);
});
