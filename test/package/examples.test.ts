/** The examples, run as they are: servers of their own, a real PostgreSQL, the sandbox as the vendor. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import { createLedgerBeeSandbox, type LedgerBeeSandbox } from 'checkout-embed/testing';
import { describe, expect, it, vi } from 'vitest';
import type { BindTokenAnswer, StartAttemptAnswer } from '../../src/protocol/index.js';
import { EventReader } from '../fulfillment/kit/event-reader.js';
import { confirm, mintSession } from '../fulfillment/sandbox/client.js';
import { freePorts } from '../runner/free-ports.js';
import { ROOT } from '../runner/suite.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { closeServers, listen } from '../support/http.js';

const ORDER = 'order-1042';
const COOKIE = 'session=the-session-of-ida';
const CRON_SECRET = 'a-secret-of-the-cron';

/** What an example runs with. */
interface Stage {
  readonly origin: string;
  readonly database: TestDatabase;
  readonly sandbox: LedgerBeeSandbox;
  readonly env: Readonly<Record<string, string>>;
}

/** Registers what a test leaves to be ended; the last first. */
type OnEnd = (end: () => Promise<void>) => void;

// Four servers begin at once, each compiled as it begins: seconds, and a minute on a busy machine.
describe.concurrent('the example', { timeout: 300_000 }, () => {
  it.for(['node-http', 'express', 'fastify', 'hono'])(
    '%s.ts sells and fulfills once, reads the bodies of its own routes, and ends in good order',
    async (name, { onTestFinished }) => {
      const stage = await setStage(await freeOrigin(), onTestFinished);
      const server = await run(name, stage, onTestFinished);
      const cart = await post(`${stage.origin}/cart`, { item: 1 });
      expect(await cart.json()).toEqual({ added: { item: 1 } });
      await sell(stage);
      server.kill('SIGTERM');
      expect(await once(server, 'exit')).toEqual([0, null]);
    },
  );
});

describe('the example next', () => {
  it('sells, and fulfills once when its cron calls', async ({ onTestFinished }) => {
    let answer: RequestListener = () => undefined;
    onTestFinished(closeServers);
    const stage = await setStage(
      await listen((request, response) => answer(request, response)),
      onTestFinished,
    );
    for (const [name, value] of Object.entries(stage.env)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());

    const { kit, pool } = await import('../../examples/shop.js');
    onTestFinished(async () => {
      await kit.close();
      await pool.end();
    });
    const { register } = await import('../../examples/next/instrumentation.js');
    await register();
    // As Next.js does it: the export that is named as the method.
    const { GET, OPTIONS, POST } = await import('../../examples/next/app/checkout/[...path]/route.js');
    const exported = new Map(Object.entries({ GET, OPTIONS, POST }));
    const notAllowed = (): Promise<Response> => Promise.resolve(new Response(null, { status: 405 }));
    answer = toNodeHandler({ fetch: (request) => (exported.get(request.method) ?? notAllowed)(request) });

    const { GET: tick } = await import('../../examples/next/app/tick/route.js');
    const call = (secret: string): Promise<Response> =>
      tick(new Request(`${stage.origin}/tick`, { headers: { authorization: `Bearer ${secret}` } }));
    expect((await call('guessed')).status).toBe(401);
    await sell(stage, async () => expect((await call(CRON_SECRET)).status).toBe(204));
  });
});

async function setStage(origin: string, onEnd: OnEnd): Promise<Stage> {
  const database = await testDatabase();
  onEnd(database.drop);
  const sandbox = await createLedgerBeeSandbox({
    partnerOrigins: [origin],
    webhook: { url: `${origin}/checkout/webhooks/ledgerbee` },
  });
  onEnd(() => sandbox.close());
  const env = {
    DATABASE_URL: database.url,
    LEDGERBEE_API: sandbox.apiBaseUrl,
    SSO_KEY: sandbox.keys.sso,
    API_KEY: sandbox.keys.api,
    WEBHOOK_SECRET: sandbox.webhookSecret,
    CUSTOMER_ID: sandbox.customers.company.id,
    PLAN_ID: sandbox.plans.pro.id,
    PORT: new URL(origin).port,
    NEXT_RUNTIME: 'nodejs',
    CRON_SECRET,
  };
  return { origin, database, sandbox, env };
}

/** Starts an example as its reader would, and waits until it answers. */
async function run(name: string, { origin, env }: Stage, onEnd: OnEnd): Promise<ChildProcess> {
  const file = join(ROOT, 'examples', `${name}.ts`);
  const server = spawn(process.execPath, ['--import', 'tsx', '--conditions=checkout-embed-source', file], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onEnd(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk) => (output += String(chunk)));
  const answers = async (): Promise<void> => {
    expect(server.exitCode, output).toBeNull();
    await fetch(origin);
  };
  await vi.waitFor(answers, { timeout: 180_000, interval: 50 });
  return server;
}

/** The whole way of one order, over HTTP. @param work Does what no background does. */
async function sell({ origin, sandbox, database }: Stage, work?: () => Promise<unknown>): Promise<void> {
  const start = { v: 1, vendor: 'ledgerbee', order: ORDER, page: `${origin}/buy` };
  const attempts = `${origin}/checkout/attempts`;
  // Somebody else's order is nobody's; a delivery that LedgerBee did not sign is nothing.
  expect((await post(attempts, start, { cookie: 'session=guessed' })).status).toBe(422);
  expect((await post(`${origin}/checkout/webhooks/ledgerbee`, {}, { 'webhook-id': 'msg_1' })).status).toBe(
    401,
  );

  const opened = await post(attempts, start, { cookie: COOKIE });
  expect(opened.status).toBe(201);
  const { attempt } = (await opened.json()) as StartAttemptAnswer;
  const headers = { authorization: `Bearer ${attempt.token}`, cookie: COOKIE };
  const bound = await post(`${attempts}/${attempt.id}/bind-token`, {}, headers);
  const { bindToken } = (await bound.json()) as BindTokenAnswer;
  const events = new EventReader(await fetch(`${attempts}/${attempt.id}/events`, { headers }));
  expect((await events.next()).status).toBe('open');

  const session = await mintSession(sandbox, { bindRef: bindToken });
  expect((await confirm(sandbox, session.body['id'])).body).toMatchObject({ status: 'CONFIRMED' });
  await sandbox.idle();
  await work?.();
  while ((await events.next()).status !== 'fulfilled');
  await events.cancel();

  await sandbox.deliveries.redeliver(sandbox.deliveries.list().at(-1)!.id);
  await sandbox.idle();
  await work?.();
  const { rows } = await database.pool.query('SELECT order_ref, subscription_id FROM licenses');
  expect(rows).toEqual([{ order_ref: ORDER, subscription_id: sandbox.subscriptions.list()[0]?.id }]);
}

/** As a page of the same origin sends it. */
function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
    body: JSON.stringify(body),
  });
}

async function freeOrigin(): Promise<string> {
  const [port] = await freePorts(1);
  return `http://127.0.0.1:${port}`;
}
