/** What one client may do: calls per minute, and open streams. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandoffClient } from '../../src/core/handoff-client.js';
import { StatusWatcher } from '../../src/core/status-watcher.js';
import type { FulfillmentKitOptions, RateLimits } from '../../src/fulfillment/index.js';
import { decodeRefusal, type AttemptHandle, type StatusAnswer } from '../../src/protocol/index.js';
import { EventReader } from './kit/event-reader.js';
import { ORIGIN, World, type Caller } from './kit/world.js';

const TIGHT = { perMinute: 60, burst: 3 };
const rateLimits: RateLimits = {
  start: TIGHT,
  bindToken: TIGHT,
  signals: TIGHT,
  status: TIGHT,
  events: TIGHT,
};

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const limited = (options: Partial<FulfillmentKitOptions> = {}): Promise<Caller> =>
  world.kit({ rateLimits, ...options });

/** A page's call from an address, as the Node adapter passes it. */
function from(kit: Caller, clientAddress: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('origin', ORIGIN);
  const request = new Request(`http://api.test/checkout${path}`, { ...init, headers });
  return kit.kit.fetch(request, { clientAddress });
}

const start = (order: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ v: 1, vendor: 'ledgerbee', order, page: ORIGIN }),
});

async function statusesOf(calls: number, call: (index: number) => Promise<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < calls; index += 1) statuses.push((await call(index)).status);
  return statuses;
}

describe('calls', () => {
  it('over the limit are 429 with a reason, a Retry-After that holds, and nothing else', async () => {
    const kit = await limited();
    const { attempt } = await kit.start('order-1');
    expect(await statusesOf(4, () => kit.about(attempt, ''))).toEqual([200, 200, 200, 429]);
    const refused = await kit.about(attempt, '');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    // The page is of another origin, and must be able to read why.
    expect(refused.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(refused.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(decodeRefusal(await refused.json()).code).toBe('rate_limited');
    world.pass(1000);
    expect((await kit.about(attempt, '')).status).toBe(200);
  });

  it.each([
    ['/bind-token', 200],
    ['/events', 200],
    ['/signals', 202],
  ] as const)('of %s are limited for themselves', async (path, good) => {
    const kit = await limited();
    const { attempt } = await kit.start('order-1');
    const call = async (): Promise<Response> => {
      if (path === '/signals') return kit.signal(attempt, 'initiated');
      if (path === '/bind-token') return kit.bindToken(attempt);
      const answer = await kit.about(attempt, path);
      await answer.body?.cancel();
      return answer;
    };
    expect(await statusesOf(5, call)).toEqual([good, good, good, 429, 429]);
    expect((await kit.about(attempt, '')).status).toBe(200);
  });

  it('of two buyers at one address do not count together, once each has a token', async () => {
    const kit = await limited();
    const handles: AttemptHandle[] = [];
    for (const buyer of ['ada', 'bob']) {
      const opened = await from(
        kit,
        '203.0.113.7',
        '/attempts',
        start(`order-${buyer}`, { 'x-buyer': buyer }),
      );
      handles.push(((await opened.json()) as { attempt: AttemptHandle }).attempt);
    }
    for (const { id, token } of handles) {
      const headers = { authorization: `Bearer ${token}` };
      const call = (): Promise<Response> => from(kit, '203.0.113.7', `/attempts/${id}`, { headers });
      expect(await statusesOf(4, call)).toEqual([200, 200, 200, 429]);
    }
  });

  it('with made-up tokens are their address’s, whatever the tokens', async () => {
    const kit = await limited();
    const { attempt } = await kit.start('order-1');
    const guess = (index: number): Promise<Response> =>
      from(kit, '203.0.113.7', `/attempts/${attempt.id}`, {
        headers: { authorization: `Bearer guess-${index}` },
      });
    expect(await statusesOf(5, guess)).toEqual([401, 401, 401, 429, 429]);
    // Neither its holder nor a neighbor is held up.
    expect((await kit.about(attempt, '')).status).toBe(200);
    const neighbor = await from(kit, '203.0.113.8', `/attempts/${attempt.id}`, {
      headers: { authorization: 'Bearer guess' },
    });
    expect(neighbor.status).toBe(401);
  });

  it('with a token of another process are their address’s until it was found good, once', async () => {
    const { attempt } = await (await world.kit()).start('order-1');
    const kit = await limited();
    const call = (token: string) => (): Promise<Response> =>
      from(kit, '203.0.113.7', `/attempts/${attempt.id}`, { headers: { authorization: `Bearer ${token}` } });
    expect(await statusesOf(1, call(attempt.token))).toEqual([200]);
    expect(await statusesOf(3, call('guess'))).toEqual([401, 401, 429]);
    expect(await statusesOf(4, call(attempt.token))).toEqual([200, 200, 200, 429]);
  });

  it('of anonymous starts are their address’s, an IPv6 one’s by its network', async () => {
    const kit = await limited();
    const call = (index: number): Promise<Response> =>
      from(kit, `2001:db8::${index + 1}`, '/attempts', start(`order-${index}`));
    expect(await statusesOf(4, call)).toEqual([201, 201, 201, 429]);
    expect((await from(kit, '2001:db8:0:1::1', '/attempts', start('order-9'))).status).toBe(201);
  });

  it('of starts by a login are the login’s, from wherever they come', async () => {
    const kit = await limited();
    const call = (index: number): Promise<Response> =>
      from(kit, `203.0.113.${index}`, '/attempts', start(`order-${index}`, { 'x-buyer': 'ada' }));
    expect(await statusesOf(4, call)).toEqual([201, 201, 201, 429]);
    const bob = await from(kit, '203.0.113.0', '/attempts', start('order-9', { 'x-buyer': 'bob' }));
    expect(bob.status).toBe(201);
  });

  it.each(['127.0.0.1', '10.1.2.3', undefined])(
    'of nobody in particular (%s) lock out nobody, and that is said once',
    async (address) => {
      const kit = await limited();
      const call = (index: number): Promise<Response> =>
        address === undefined
          ? kit.fetch('/attempts', start(`order-${index}`))
          : from(kit, address, '/attempts', start(`order-${index}`));
      expect(await statusesOf(6, call)).toEqual([201, 201, 201, 201, 201, 201]);
      expect(world.logs.filter(({ event }) => event === 'http.no-client-address')).toHaveLength(1);
    },
  );

  it('are counted by the host’s own key where it has one; null is not counted', async () => {
    const kit = await limited({ clientKey: (request) => request.headers.get('x-device') });
    const call = (device: string) => (index: number) =>
      kit.fetch('/attempts', start(`order-${device}-${index}`, { 'x-buyer': 'ada', 'x-device': device }));
    expect(await statusesOf(4, call('one'))).toEqual([201, 201, 201, 429]);
    expect(await statusesOf(4, call('two'))).toEqual([201, 201, 201, 429]);
    expect(await statusesOf(5, (index) => kit.fetch('/attempts', start(`order-${index}`)))).toEqual(
      Array(5).fill(201),
    );
  });

  it('are counted by nothing with rateLimits: false', async () => {
    const kit = await limited({ rateLimits: false });
    const { attempt } = await kit.start('order-1');
    expect(await statusesOf(300, () => kit.about(attempt, ''))).toEqual(Array(300).fill(200));
  });

  it('that are refused fill no log', async () => {
    const kit = await limited();
    const { attempt } = await kit.start('order-1');
    await statusesOf(50, () => kit.about(attempt, ''));
    expect(world.logs.filter(({ event }) => event === 'http.rate-limited')).toMatchObject([
      { level: 'warn', fields: { call: 'status', by: 'token', forwarded: false } },
    ]);
    expect(JSON.stringify(world.logs)).not.toContain(attempt.token);
  });

  it('of vendors are never limited', async () => {
    const kit = await limited();
    const deliver = (index: number): Promise<Response> => kit.deliver({ id: `msg-${index}`, as: 'ignored' });
    expect(await statusesOf(20, deliver)).toEqual(Array(20).fill(204));
    expect(await statusesOf(20, () => kit.deliver({ id: 'bad' }, 'bad'))).toEqual(Array(20).fill(401));
  });

  it('of an honest page stay within the limits that hold without any option', async () => {
    const kit = await world.kit({ rateLimits: {} });
    const { attempt } = await kit.start('order-1');
    // Four tabs that poll as the element does at its quickest, for ten minutes, each looked at again and again.
    for (let second = 0; second < 600; second += 1) {
      for (let tab = 0; tab < 4; tab += 1) {
        const asks = second < 6 || (second + tab) % 5 === 0 || second % 30 === 0;
        if (asks) expect((await kit.about(attempt, '')).status).toBe(200);
      }
      world.pass(1000);
    }
  });
});

describe('status streams', () => {
  const open = (kit: Caller, attempt: AttemptHandle): Promise<Response> => kit.about(attempt, '/events');

  it('of one attempt are bounded, and a place that is given back can be taken again', async () => {
    const kit = await world.kit({ schedule: { streamsPerAttempt: 2 } });
    const { attempt } = await kit.start('order-1');
    const { attempt: other } = await kit.start('order-2');
    const both = [await open(kit, attempt), await open(kit, attempt)];
    const refused = await open(kit, attempt);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(decodeRefusal(await refused.json()).code).toBe('rate_limited');
    expect((await open(kit, other)).status).toBe(200);
    await both[0]?.body?.cancel();
    expect((await open(kit, attempt)).status).toBe(200);
  });

  it('of one process are bounded, also where many are opened at once', async () => {
    const kit = await world.kit({ schedule: { streamsPerProcess: 3 } });
    const handles = await Promise.all([1, 2, 3, 4, 5, 6].map((order) => kit.start(`order-${order}`)));
    const answers = await Promise.all(handles.map(({ attempt }) => open(kit, attempt)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 503, 503, 503]);
    for (const answer of answers) await answer.body?.cancel();
    expect((await open(kit, handles[5]!.attempt)).status).toBe(200);
  });

  it('that could not be opened give their place back', async () => {
    const kit = await world.kit({ schedule: { streamsPerAttempt: 1 } });
    const { attempt } = await kit.start('order-1');
    const connect = world.pool.connect.bind(world.pool);
    let calls = 0;
    // The first two answer who is asking; the third reads the status.
    world.pool.connect = (() =>
      (calls += 1) === 3
        ? Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }))
        : connect()) as never;
    try {
      expect((await open(kit, attempt)).status).toBe(503);
    } finally {
      world.pool.connect = connect;
    }
    expect((await open(kit, attempt)).status).toBe(200);
  });

  it.each([
    ['attempt', { streamsPerAttempt: 1 }],
    ['process', { streamsPerProcess: 1 }],
  ] as const)('over the bound of the %s make the element poll', async (_, schedule) => {
    const kit = await world.kit({ schedule });
    const { attempt } = await kit.start('order-1');
    const first = new EventReader(await open(kit, attempt));
    const paths: string[] = [];
    const client = new HandoffClient({
      baseUrl: 'http://api.test/checkout',
      store: null,
      fetch: (input, init) => {
        const request = new Request(input, init);
        request.headers.set('origin', ORIGIN);
        paths.push(new URL(request.url).pathname.replace(attempt.id, 'id'));
        return kit.kit.fetch(request);
      },
    });
    const answer = await new Promise<StatusAnswer>((resolve) => {
      const watcher = new StatusWatcher({
        source: {
          read: (signal) => client.status(attempt, signal),
          stream: (onAnswer, signal) => client.events(attempt, onAnswer, signal),
        },
        presence: { visible: () => true, online: () => true, subscribe: () => () => undefined },
        onAnswer: (heard) => {
          watcher.stop();
          resolve(heard);
        },
      });
      watcher.start();
    });
    expect(answer).toMatchObject({ status: 'open' });
    expect(paths).toEqual(['/checkout/attempts/id/events', '/checkout/attempts/id']);
    await first.cancel();
  });
});
