import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { createLedgerBeeSandbox, type LedgerBeeSandbox, SCENARIOS } from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buyBound, mintSession } from './sandbox/client.js';

const SHOP = 'http://shop.localhost:4310';
let sandbox: LedgerBeeSandbox;

beforeEach(async () => {
  sandbox = await createLedgerBeeSandbox({ partnerOrigins: [SHOP] });
});
afterEach(() => sandbox.close());

const control = (path: string, options: { body?: unknown; origin?: string; method?: string } = {}) =>
  fetch(`${sandbox.portalAddress}/_sandbox/${path}`, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: options.origin === undefined ? {} : { origin: options.origin },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });

describe('a scenario', () => {
  it('has every name of the list, all off at the start', () => {
    expect(sandbox.scenarios.list()).toEqual(SCENARIOS.map((name) => ({ name, on: false, remaining: null })));
  });

  it('is on until it is off, or so many times', async () => {
    sandbox.scenarios.set('mint-fails', { times: 2 });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await mintSession(sandbox)).status);
    expect(statuses).toEqual([503, 503, 201]);
    sandbox.scenarios.set('mint-fails', true);
    expect((await mintSession(sandbox)).status).toBe(503);
    sandbox.scenarios.reset();
    expect((await mintSession(sandbox)).status).toBe(201);
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot happen %s times', (times) => {
    expect(() => sandbox.scenarios.set('mint-fails', { times })).toThrow(RangeError);
  });

  it('of an unknown name is refused', () => {
    expect(() => sandbox.scenarios.set('sunshine' as 'mint-fails', true)).toThrow('unknown switch');
  });
});

describe('an assumption', () => {
  it('takes the values of its list alone', () => {
    expect(() => sandbox.assumptions.set('dispatch', 'never' as 'late')).toThrow('dispatch must be one of');
    expect(sandbox.assumptions.current().dispatch).toBe('same-task');
  });
});

describe('the control API', () => {
  it('turns scenarios and assumptions for a partner’s page, and resets them', async () => {
    const set = await control('scenarios', {
      origin: SHOP,
      body: { name: 'mint-fails', on: true, times: 1 },
    });
    expect(set.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(sandbox.scenarios.list().find(({ name }) => name === 'mint-fails')).toMatchObject({
      remaining: 1,
    });
    await control('assumptions', { origin: SHOP, body: { name: 'dispatch', value: 'late' } });
    expect(sandbox.assumptions.current().dispatch).toBe('late');
    await control('reset', { origin: SHOP, body: {} });
    expect(sandbox.scenarios.list().some(({ on }) => on)).toBe(false);
    expect(sandbox.assumptions.current().dispatch).toBe('same-task');
  });

  it('turns nothing for the page of another origin', async () => {
    const origin = 'http://evil.localhost';
    const refused = await control('scenarios', { origin, body: { name: 'mint-fails', on: true } });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(sandbox.scenarios.list().some(({ on }) => on)).toBe(false);
    expect((await control('state', { origin })).status).toBe(403);
  });

  it('answers the preflight of a partner alone', async () => {
    expect((await control('scenarios', { origin: SHOP, method: 'OPTIONS' })).status).toBe(204);
    expect((await control('scenarios', { origin: 'http://evil.localhost', method: 'OPTIONS' })).status).toBe(
      403,
    );
  });

  it.each([
    ['scenarios', { name: 'sunshine', on: true }],
    ['assumptions', { name: 'dispatch', value: 'never' }],
    ['assumptions', { name: '__proto__', value: 1 }],
    ['deliveries/none/redeliver', {}],
    ['subscriptions/none/explode', {}],
  ])('refuses %s with %j', async (path, body) => {
    expect((await control(path, { body })).status).toBe(400);
  });

  it('shows the state without a key or a secret', async () => {
    await buyBound(sandbox, 'order-1');
    const text = await (await control('state')).text();
    expect(JSON.parse(text)).toMatchObject({ subscriptions: [{ partnerReferenceId: 'order-1' }] });
    for (const secret of [sandbox.keys.api, sandbox.keys.sso, sandbox.webhookSecret]) {
      expect(text).not.toContain(secret);
    }
  });

  it('acts on a subscription by name', async () => {
    const { id } = sandbox.subscriptions.create({});
    await control(`subscriptions/${id}/churn`, { body: {} });
    expect(sandbox.subscriptions.list()[0]?.status).toBe('cancelled');
    expect((await control(`subscriptions/${id}/churn`, { body: {} })).status).toBe(409);
  });

  it('streams what happens, and again from where a reader stopped', async () => {
    sandbox.scenarios.set('mint-fails', true);
    const read = async (headers: Record<string, string>): Promise<string> => {
      const answer = await fetch(`${sandbox.portalAddress}/_sandbox/activity`, { headers });
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      const { value } = await reader.read();
      await reader.cancel();
      return value ?? '';
    };
    const first = await read({});
    expect(first).toContain('mint-fails on');
    const lastId = String(sandbox.activity.list().at(-1)!.seq);
    sandbox.scenarios.reset();
    const second = await read({ 'last-event-id': lastId });
    expect(second).toContain('all off');
    expect(second).not.toContain('mint-fails on');
  });
});

describe('the server', () => {
  it('answers no name but loopback ones', async () => {
    const { port } = new URL(sandbox.portalAddress);
    const status = await new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/_sandbox/state', headers: { host: 'rebound.example' } })
        .once('response', (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
        .once('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(sandbox.portalAddress).port);
    await expect(createLedgerBeeSandbox({ partnerOrigins: [], port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('refuses a body that is too large', async () => {
    const answer = await fetch(`${sandbox.apiBaseUrl}/portal-sso/provision`, {
      method: 'POST',
      headers: { 'x-api-key': sandbox.keys.sso },
      body: 'x'.repeat(70_000),
    }).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(413);
  });

  it('gives the portal’s API to partner pages and to nobody else', async () => {
    const allowed = async (origin: string): Promise<string | null> => {
      const answer = await fetch(`${sandbox.portalAddress}/api/checkout/session`, {
        method: 'OPTIONS',
        headers: { origin },
      });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await allowed(SHOP)).toBe(SHOP);
    expect(await allowed('http://evil.localhost')).toBeNull();
  });
});

describe('a slow portal', () => {
  it('keeps the frame waiting for seconds, and answers the next at once', async () => {
    sandbox.scenarios.set('slow-portal', { times: 1 });
    const open = (withinMs: number) =>
      fetch(`${sandbox.portalAddress}/embed/pro-plan`, { signal: AbortSignal.timeout(withinMs) });
    await expect(open(1_500)).rejects.toMatchObject({ name: 'TimeoutError' });
    // Less than the first one would have waited, and more than a busy machine needs.
    expect((await open(5_000)).status).toBe(200);
  });
});

describe('close', () => {
  it('leaves nothing that keeps a process alive: a retry waits, a stream is open, a receiver hangs', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    const script = `
      import { createLedgerBeeSandbox } from 'checkout-embed/testing';
      const url = 'http://127.0.0.1:${port}/hook';
      const sandbox = await createLedgerBeeSandbox({ partnerOrigins: [], webhook: { url } });
      sandbox.webhooks.add({ url: 'http://127.0.0.1:1/nobody' });
      const sent = new Promise((resolve) => sandbox.onActivity(({ kind }) => kind === 'delivery' && resolve()));
      const stream = await fetch(sandbox.portalAddress + '/_sandbox/activity');
      stream.body.getReader().closed.catch(() => undefined);
      sandbox.subscriptions.create({});
      await sent;
      await sandbox.close();
      console.log('closed');
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--conditions=checkout-embed-source', '--input-type=module', '--eval', script],
      { timeout: 20_000 },
    );
    expect(stdout.trim()).toBe('closed');
    hanging.closeAllConnections();
    await new Promise((resolve) => hanging.close(resolve));
  });
});

describe('the clock given', () => {
  it('holds no timer after close', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const clock = {
      now: () => Date.now(),
      set: (run: () => void, ms: number) => {
        const timer = setTimeout(run, ms);
        timers.add(timer);
        return timer;
      },
      clear: (handle: unknown) => {
        clearTimeout(handle as NodeJS.Timeout);
        timers.delete(handle as NodeJS.Timeout);
      },
    };
    const timed = await createLedgerBeeSandbox({
      partnerOrigins: [],
      clock,
      webhook: { url: 'http://127.0.0.1:1/nobody' },
    });
    timed.subscriptions.create({ startDate: new Date(Date.now() + 90 * 86_400_000).toISOString() });
    await timed.idle();
    expect(timers.size).toBe(2);
    await timed.close();
    expect(timers.size).toBe(0);
  });
});

describe('the entry', () => {
  it('does nothing when imported in bare Node', async () => {
    const script = `
      const names = Object.keys(await import('checkout-embed/testing'));
      const working = process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate|TCP/.test(name));
      console.log(names.includes('createLedgerBeeSandbox'), working.length);
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '--conditions=checkout-embed-source',
      '--input-type=module',
      '--eval',
      script,
    ]);
    expect(stdout.trim()).toBe('true 0');
    expect(stderr).toBe('');
  });
});
