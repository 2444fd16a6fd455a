/** Ten thousand malformed requests over real HTTP: none crashes the kit, none is a paid order. */
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { decodeRefusal } from '../../src/protocol/index.js';
import { closeServers, exchange, listen } from '../support/http.js';
import { LEDGERBEE_OPTIONS, newSecret, signed } from '../support/ledgerbee.js';
import { malformedRequests, type Malformed } from './kit/malformed.js';
import { readStored } from './kit/stored-orders.js';
import { ORIGIN, World, type Caller } from './kit/world.js';

const REQUESTS = 10_000;
const SEED = 20261125;
const CONNECTIONS = 32;

/** All that the kit may answer while its database is well: 500 and 503 are not among it. */
const DELIVERY_ANSWERS = [204, 400, 401, 404, 405, 413];
const PAGE_ANSWERS = [200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 413, 415, 422];

const secret = newSecret();
const GENUINE = 'order-genuine';
const orders = Array.from({ length: 20 }, (_, index) => `order-${index}`);
let world: World;
let kit: Caller;
let origin = '';
/** What the vendor's API says of a subscription. */
let vendorSays: (id: string) => unknown = () => ({});

beforeAll(async () => {
  world = await World.create();
  kit = await world.kit({
    vendors: [
      ledgerbee({
        ...LEDGERBEE_OPTIONS,
        webhookSecrets: [secret],
        fetch: (url) => Promise.resolve(Response.json(vendorSays(idIn(url)))),
      }),
    ],
    // As a merchant does it: from its own data, whatever the page says.
    resolveOrder: (_, { order = '' }) => ([GENUINE, ...orders].includes(order) ? { orderRef: order } : null),
  });
  origin = await listen(toNodeHandler(kit.kit, { log: (entry) => world.logs.push(entry) }));
});
afterAll(async () => {
  await closeServers();
  await world.close();
});

describe('ten thousand malformed requests', () => {
  it('are each answered as listed, and none is stored as paid', async () => {
    const buyers = orders.slice(0, 10).map(async (order) => (await kit.start(order)).attempt);
    const genuine = {
      origin: ORIGIN,
      secret,
      attempts: await Promise.all(buyers),
      orders,
      nowSeconds: now(),
    };
    const requests = fc.sample(malformedRequests(genuine), { numRuns: REQUESTS, seed: SEED });
    const answers = await sendAll(requests);

    const statuses = (route: string): readonly number[] => [
      ...new Set(answers.filter(({ path }) => path.includes(route)).map(({ status }) => status)),
    ];
    expect(answers.filter(({ status }) => status > 0)).toHaveLength(REQUESTS);
    expect(DELIVERY_ANSWERS).toEqual(expect.arrayContaining([...statuses('/webhooks')]));
    expect(PAGE_ANSWERS).toEqual(expect.arrayContaining([...statuses('/attempts')]));
    // They came further than the door: every refusal was met, and much was accepted and kept.
    expect(statuses('/webhooks')).toEqual(expect.arrayContaining([204, 401, 404, 405, 413]));
    const met = [200, 201, 202, 204, 400, 401, 403, 404, 405, 413, 415, 422];
    expect(statuses('/attempts')).toEqual(expect.arrayContaining(met));
    expect(await outcomes()).toEqual(['applied', 'ignored', 'unreadable', 'waiting']);
    expect(world.logs.filter(({ level }) => level === 'error')).toEqual([]);
    await expectNothingPaid();
    // Ten thousand requests, on a machine that may be busy.
  }, 120_000);

  it('about subscriptions of which the vendor answers nonsense are still not paid', async () => {
    const nonsense = fc.sample(nonsenseAnswers(), { numRuns: 200, seed: SEED }).values();
    vendorSays = (id) => nonsense.next().value?.(id);
    for (let round = 0; round < 4; round += 1) {
      await kit.tick();
      world.pass(3_600_000);
    }
    expect(world.logs.some(({ event }) => event === 'refetch.failed')).toBe(true);
    expect((await readStored(world)).some(({ status }) => status === 'review')).toBe(true);
    await expectNothingPaid();
  });

  it('leave the kit as good as before: a genuine purchase is fulfilled, once', async () => {
    const body = new TextEncoder().encode(
      JSON.stringify({
        type: 'subscription.started',
        data: { subscriptionId: 'sub-genuine', partnerReferenceId: GENUINE },
      }),
    );
    await kit.start(GENUINE);
    vendorSays = (id) => ({ id, status: 'active', partnerReferenceId: GENUINE });
    const headers = Object.fromEntries(signed(body, { secret, atSeconds: now() }));
    const agent = new Agent();
    expect(await send({ method: 'POST', path: '/checkout/webhooks/ledgerbee', headers, body }, agent)).toBe(
      204,
    );
    await kit.tick();
    expect((await world.granted()).filter(({ order_ref }) => order_ref === GENUINE)).toHaveLength(1);
  });
});

describe('a head that no client would write', () => {
  it.each<[string, string, readonly number[]]>([
    ['a NUL in a header', 'POST /checkout/webhooks/ledgerbee HTTP/1.1\r\nHost: x\r\nwebhook-id: a\0b', [400]],
    ['a header without a name', 'GET /checkout/attempts HTTP/1.1\r\nHost: x\r\n: y', [400]],
    [
      'a header on two lines',
      'GET /checkout/attempts HTTP/1.1\r\nHost: x\r\nwebhook-id: a\r\n b',
      [400, 405],
    ],
    ['a bare CR', 'GET /checkout/attempts HTTP/1.1\r\nHost: x\r\na: b\rc: d', [400]],
    ['no host', 'GET /checkout/attempts HTTP/1.1', [400]],
    ['a host that is none', 'GET /checkout/attempts HTTP/1.1\r\nHost: a b/../c', [400]],
    ['two hosts', 'GET /checkout/attempts HTTP/1.1\r\nHost: x\r\nHost: y', [400, 405]],
    [
      'two lengths',
      'POST /checkout/attempts HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2',
      [400],
    ],
    ['a length below zero', 'POST /checkout/attempts HTTP/1.1\r\nHost: x\r\nContent-Length: -1', [400]],
    [
      'a length beside chunks',
      'POST /checkout/attempts HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked',
      [400],
    ],
    [
      'more bytes than a head may have',
      `GET /checkout/attempts HTTP/1.1\r\nHost: x\r\na: ${'x'.repeat(20_000)}`,
      [431],
    ],
    ['a version that is none', 'GET /checkout/attempts HTTP/9.9\r\nHost: x', [400, 505]],
    ['a method that is none', 'GRANT /checkout/attempts HTTP/1.1\r\nHost: x', [400]],
    ['another server’s address', 'GET http://evil.example/checkout/attempts HTTP/1.1\r\nHost: x', [405]],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: x', [400]],
    ['bytes that are no path', 'GET /checkout/attempts/\xff\xfe HTTP/1.1\r\nHost: x', [400, 404]],
    ['a path out of the routes', 'GET /checkout/attempts/../../etc HTTP/1.1\r\nHost: x', [404]],
  ])('with %s is answered', async (_, head, statuses) => {
    expect(statuses).toContain((await exchange(origin, head)).status);
  });
});

/** The last part of the path that the adapter asks for. */
function idIn(url: string | URL | Request): string {
  const { pathname } = new URL(url instanceof Request ? url.url : url);
  return pathname.split('/').at(-1) ?? '';
}

function now(): number {
  return world.now / 1000;
}

async function outcomes(): Promise<readonly string[]> {
  const { rows } = await world.pool.query<{ outcome: string }>(
    `SELECT DISTINCT outcome FROM ${world.schema}.inbox ORDER BY 1`,
  );
  return rows.map(({ outcome }) => outcome);
}

async function expectNothingPaid(): Promise<void> {
  const stored = await readStored(world);
  expect(stored.length).toBeGreaterThan(0);
  expect(['open', 'pending', 'review']).toEqual(expect.arrayContaining(stored.map(({ status }) => status)));
  const { rows } = await world.pool.query(`SELECT order_ref FROM ${world.schema}.effects`);
  expect(rows).toEqual([]);
  expect(await world.granted()).toEqual([]);
}

/** None of them says of the right subscription, in the vendor's word, that it grants. */
function nonsenseAnswers(): fc.Arbitrary<(id: string) => unknown> {
  const status = fc.oneof(
    fc.constantFrom<unknown>(
      'ACTIVE',
      'active ',
      'paid',
      ['active'],
      { active: true },
      true,
      null,
      '__proto__',
    ),
    fc.jsonValue(),
  );
  return fc.oneof(
    fc.jsonValue().map((value) => () => value),
    status.map((value) => (id: string) => ({ id, status: value, partnerReferenceId: orders[0] })),
    fc.jsonValue().map((value) => () => ({ id: value, status: 'active' })),
  );
}

async function sendAll(requests: readonly Malformed[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const answers: { path: string; status: number }[] = [];
  const queue = requests.entries();
  const worker = async (): Promise<void> => {
    for (const [index, one] of queue) answers[index] = { path: one.path, status: await send(one, agent) };
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return answers;
}

async function send({ method, path, headers, body }: Malformed, agent: Agent): Promise<number> {
  const req = request(`${origin}${path}`, {
    method,
    agent,
    headers: { ...headers, 'content-length': body.length },
  });
  req.end(body);
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  const status = res.statusCode ?? 0;
  if (res.headers['content-type']?.startsWith('text/event-stream') === true) {
    res.destroy();
    return status;
  }
  let text = '';
  for await (const chunk of res) text += String(chunk);
  if (status >= 400 && method !== 'HEAD') decodeRefusal(JSON.parse(text));
  return status;
}
