/**
 * No secret, raw payload or buyer datum leaves by a log, a hook, a metric, an answer or the console. One run through
 * everything that can go wrong, with words planted wherever a careless line could pick them up.
 */
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { prometheus } from 'checkout-embed/fulfillment/prometheus';
import { idempotentEffect, type FulfillmentKitOptions } from '../../src/fulfillment/index.js';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import type { AttemptHandle } from '../../src/protocol/index.js';
import { listen } from '../support/http.js';
import { newSecret, signed } from '../support/ledgerbee.js';
import { json, LedgerBeeStub, refusal, subscription } from '../support/ledgerbee-api.js';
import { Outside } from './kit/outside.js';
import { ORIGIN, World } from './kit/world.js';

const API_KEY = 'lb_api_planted-3f9a61';
const SSO_KEY = 'lb_sso_planted-88c2d0';
const SECRETS = [newSecret(), newSecret()];
const DATABASE_PASSWORD = 'pg-password-planted-51';
const BIND_TOKEN = 'bind-token-planted-7d';
const SESSION_COOKIE = 'session-planted-aa41';
const EMAIL = 'planted.buyer@private.example';
const NAME = 'Planted Buyer Name';
/** In bodies of deliveries and of the vendor's answers, and in what pages send. */
const PAYLOAD = 'payload-planted-0c6e';
/** In errors that the merchant's own functions throw. */
const INTERNAL = 'internal-planted-e2b7';

const PLANTED = [
  API_KEY,
  SSO_KEY,
  ...SECRETS,
  ...SECRETS.map((secret) => secret.slice('whsec_'.length)),
  DATABASE_PASSWORD,
  SESSION_COOKIE,
  EMAIL,
  EMAIL.split('@')[0]!,
  NAME,
  PAYLOAD,
  INTERNAL,
];

let world: World;
let api: LedgerBeeStub;
beforeAll(async () => {
  world = await World.create();
  api = await LedgerBeeStub.start();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await api.stop();
  await world.close();
});

it('nothing planted comes out anywhere, through a life in which everything goes wrong once', async () => {
  const outside = new Outside();
  outside.hearConsole();

  const broken = { identify: false, resolveOrder: false, hook: true, effect: true };
  const { metrics, text: metricsText } = prometheus();
  const complaint = (): Error =>
    Object.assign(
      new Error(`cannot serve ${EMAIL} (${NAME}), cookie ${SESSION_COOKIE}, key ${API_KEY}: ${INTERNAL}`),
      { detail: INTERNAL, cause: new Error(SECRETS[0]) },
    );
  const options: Partial<FulfillmentKitOptions> = {
    vendors: [api.adapter({ apiKey: API_KEY, ssoKey: SSO_KEY, webhookSecrets: SECRETS })],
    metrics,
    rateLimits: { status: { perMinute: 60, burst: 20 } },
    unreferenced: 'review',
    identify: () => {
      if (broken.identify) throw complaint();
      return {
        email: EMAIL,
        customer: {
          customerType: 'private',
          customerNumber: 'c-1',
          name: NAME,
          countryCode: 'DK',
          vatZone: 'domestic',
          customerGroupId: 'g-1',
        },
      };
    },
    resolveOrder: (_, { order = '', plan }) => {
      if (broken.resolveOrder) throw complaint();
      return order === 'odd'
        ? ({ orderRef: 7, why: INTERNAL } as never)
        : { orderRef: order, planId: plan ?? 'plan-1' };
    },
    schedule: { effectMaxTries: 2 },
    effects: {
      fulfill: idempotentEffect(() => (broken.effect ? Promise.reject(complaint()) : Promise.resolve())),
    },
    log: (entry) => outside.hear('log', entry),
    onReview: (review) => {
      outside.hear('onReview', review);
      if (broken.hook) throw complaint();
    },
    onDeadLetter: (review) => {
      outside.hear('onDeadLetter', review);
      if (broken.hook) throw complaint();
    },
  };
  const kit = await world.kit(options);
  // Over a socket, as a merchant runs it: Node's own words count too.
  const origin = await listen(toNodeHandler(kit.kit, { log: (entry) => outside.hear('node log', entry) }));
  const ask = async (path: string, init: RequestInit = {}, secrets = true): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('origin', ORIGIN);
    headers.set('cookie', `session=${SESSION_COOKIE}`);
    const answer = await fetch(`${origin}/checkout${path}`, { ...init, headers });
    if (path.endsWith('/events') || !secrets) return answer;
    const body = await answer.clone().text();
    outside.hear(`answer to ${path}`, `${inspect([...answer.headers])}\n${body}`);
    return answer;
  };
  const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const start = (order: string, more: object = {}): RequestInit =>
    post({ v: 1, vendor: 'ledgerbee', order, page: `${ORIGIN}/?who=${PAYLOAD}`, ...more });
  const about = ({ id, token }: AttemptHandle, path = '', init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return ask(`/attempts/${id}${path}`, { ...init, headers }, path !== '/bind-token');
  };
  const deliver = (id: string, body: unknown, secret = SECRETS[1]!): Promise<Response> => {
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
    const headers = signed(bytes, { secret, id, atSeconds: Math.floor(world.now / 1000) });
    return ask('/webhooks/ledgerbee', { method: 'POST', headers, body: bytes });
  };
  const event = (subscriptionId: string, reference: string | null, more: object = {}): object => ({
    id: 'e',
    type: 'subscription.started',
    timestamp: '2026-06-01T12:00:00Z',
    data: { subscriptionId, partnerReferenceId: reference, email: EMAIL, name: NAME, note: PAYLOAD, ...more },
  });
  const chatty = { message: `${EMAIL} ${API_KEY} ${PAYLOAD}`, email: EMAIL, note: PAYLOAD };

  // A start, a bind token, signals, a stream.
  api.answers = [json(200, { checkoutBindToken: BIND_TOKEN, email: EMAIL })];
  const opened = await ask('/attempts', start('order-1'), false);
  expect(opened.status).toBe(201);
  const { attempt } = (await opened.json()) as { attempt: AttemptHandle };
  expect(await (await about(attempt, '/bind-token', { method: 'POST' })).json()).toMatchObject({
    bindToken: BIND_TOKEN,
  });
  const signal = { v: 1, key: 'k', kind: 'confirmed', at: '2026-06-01T12:00:00Z' };
  expect((await about(attempt, '/signals', post({ ...signal, reason: PAYLOAD }))).status).toBe(202);
  const events = await about(attempt, '/events');
  expect(events.status).toBe(200);
  await events.body?.cancel();

  // Calls that are refused, each with words of its sender's.
  const refusals: readonly (readonly [number, Promise<Response>])[] = [
    [400, ask('/attempts', start('order-1', { vendor: PAYLOAD }))],
    [400, ask('/attempts', post(`{"${PAYLOAD}": ${EMAIL}`))],
    [400, ask('/attempts', start('order-1', { v: PAYLOAD }))],
    [400, ask('/attempts', post({}, { 'idempotency-key': `${PAYLOAD} ` + EMAIL + ' x' }))],
    [415, ask('/attempts', post('{}', { 'content-type': `text/${PAYLOAD}` }))],
    [413, ask('/attempts', post(PAYLOAD.repeat(2000)))],
    [404, ask(`/attempts/${PAYLOAD}`)],
    [404, ask(`/${PAYLOAD}/${EMAIL}`)],
    [400, about(attempt, '/signals', post({ ...signal, kind: PAYLOAD }))],
    [401, ask(`/attempts/${crypto.randomUUID()}`, { headers: { authorization: `Bearer ${PAYLOAD}` } })],
    [404, ask(`/webhooks/${PAYLOAD}`, post('{}'))],
    [500, ask('/attempts', start('odd'))],
  ];
  for (const [status, answer] of refusals) expect((await answer).status).toBe(status);

  // The merchant's own functions fail.
  for (const name of ['identify', 'resolveOrder'] as const) {
    broken[name] = true;
    expect((await ask('/attempts', start('order-2'))).status).toBe(500);
    broken[name] = false;
  }

  // The vendor refuses, fails, hangs up and babbles.
  for (const answer of [
    json(400, {
      ...(refusal(400, 'SHARED_VALIDATION_FAILED', { validationErrors: [{ property: EMAIL }] }) as object),
      ...chatty,
    }),
    json(401, { ...(refusal(401, 'UNAUTHORIZED') as object), ...chatty }),
    json(500, chatty, { 'x-note': PAYLOAD }),
    json(200, { checkoutBindToken: null, ...chatty }),
    json(302, chatty, { location: `http://${PAYLOAD}.example/?key=${API_KEY}` }),
    (_: unknown, res: { destroy(): void }) => res.destroy(),
  ]) {
    api.answers = [answer];
    expect(await (await about(attempt, '/bind-token', { method: 'POST' })).json()).toMatchObject({
      bindToken: null,
    });
  }

  // Deliveries: genuine, forged, of no concern, not to be understood, not to be stored.
  const statuses = [
    await deliver('msg-1', event('sub-1', 'order-1')),
    await deliver('msg-1', event('sub-1', 'order-1')),
    await deliver('msg-2', event('sub-2', null)),
    await deliver('msg-3', { ...event('sub-3', null), type: `${PAYLOAD} ${EMAIL}` }),
    await deliver('msg-4', `{"type":"subscription.started","data":{"subscriptionId":"${EMAIL}"}}`),
    await deliver('msg-5', `not json ${PAYLOAD}`),
    await deliver('msg-6', event('sub-6', 'nobody-issued-this')),
    await deliver('msg-7', event('sub-1', 'order-1'), newSecret()),
    await ask('/webhooks/ledgerbee', post(PAYLOAD, { 'webhook-id': 'x', 'webhook-timestamp': PAYLOAD })),
  ].map(({ status }) => status);
  expect(statuses).toEqual([204, 204, 204, 204, 204, 204, 204, 401, 401]);

  // Readings fail, then show another plan; effects and hooks fail until they are given up.
  for (const answer of [
    json(500, chatty),
    json(200, `<html>${PAYLOAD}${EMAIL}`),
    json(200, { ...subscription({ id: EMAIL }), ...chatty }),
    json(429, chatty, { 'retry-after': '1' }),
  ]) {
    api.answers = [answer];
    world.pass(60_000);
    await kit.tick();
  }
  api.answers = [
    (seen, res) => {
      const id = seen.url.pathname.split('/').at(-1) ?? '';
      const one = {
        ...subscription({ id, partnerReferenceId: id === 'sub-1' ? 'order-1' : null }),
        ...chatty,
      };
      json(200, id === 'subscriptions' ? { data: [], total: 0 } : one)(seen, res);
    },
  ];
  for (let round = 0; round < 6; round += 1) {
    world.pass(3600_000);
    await kit.tick();
  }
  const order = await kit.order('order-1');
  expect(order.effects).toMatchObject([{ state: 'dead' }]);
  // For operators alone: what the merchant's own error said.
  expect(order.effects[0]?.lastError).toContain(INTERNAL);
  broken.hook = broken.effect = false;
  for (let round = 0; round < 3; round += 1) {
    world.pass(3600_000);
    await kit.tick();
  }

  // Too many calls.
  const late = await ask('/attempts', start('order-3'), false);
  const other = ((await late.json()) as { attempt: AttemptHandle }).attempt;
  let last = 0;
  for (let call = 0; call < 25; call += 1) last = (await about(other)).status;
  expect(last).toBe(429);

  // The database is lost, and says more than it should.
  const connect = world.pool.connect.bind(world.pool);
  for (const code of ['ECONNREFUSED', '28P01', '42P01', 'XX000']) {
    const words = `postgres://checkout:${DATABASE_PASSWORD}@db.internal/shop refused ${EMAIL} ${PAYLOAD}`;
    const error = Object.assign(new Error(words), { code, detail: `Key (email)=(${EMAIL})` });
    world.pool.connect = () => Promise.reject(error) as never;
    world.pass(60_000);
    expect((await deliver('msg-8', event('sub-8', null))).status).toBe(503);
    expect((await about(attempt)).status).toBeGreaterThanOrEqual(500);
    expect((await ask('/ready')).status).toBe(503);
    await kit.tick().catch(() => undefined);
    world.pool.connect = connect;
  }
  world.pool.emit('error', new Error(`lost ${DATABASE_PASSWORD}`), undefined);
  await world.pool.query(
    `ALTER TABLE ${world.schema}.inbox ADD CONSTRAINT odd CHECK (message_id <> 'msg-9')`,
  );
  await deliver('msg-9', event('sub-9', null)).catch(() => undefined);
  outside.hear('metrics', metricsText());
  await ask('/health');
  await kit.kit.close();
  expect((await ask('/attempts', start('order-4'))).status).toBe(503);

  // The run went everywhere it was to go, and nothing of it came out.
  for (const place of ['log', 'onReview', 'onDeadLetter', 'metrics', 'answer to /ready']) {
    expect(outside.places).toContain(place);
  }
  expect(outside.findings([...PLANTED, BIND_TOKEN, attempt.token, other.token])).toEqual([]);
});

it('no e-mail address, token or key is in any table, raw deliveries and the merchant’s own errors aside', async () => {
  const { rows: tables } = await world.pool.query<{ table_name: string }>(
    'SELECT table_name FROM information_schema.tables WHERE table_schema = $1',
    [world.schema],
  );
  const found: string[] = [];
  for (const { table_name: table } of tables) {
    const { rows } = await world.pool.query<Record<string, unknown>>(
      `SELECT * FROM ${world.schema}.${table}`,
    );
    for (const row of rows) {
      delete row['raw_body'];
      if (table === 'effects') delete row['last_error'];
      const text = JSON.stringify(row);
      const words = [...PLANTED, BIND_TOKEN].filter((word) => word !== PAYLOAD && text.includes(word));
      found.push(...words.map((word) => `${table}: ${word}`));
    }
  }
  expect(tables.length).toBeGreaterThan(5);
  expect(found).toEqual([]);
});
