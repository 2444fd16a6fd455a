/** A delivery's short way through the Node adapter, beside the long one: nobody outside can tell them apart. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import express from 'express';
import { directDeliveryOf } from '../../src/fulfillment/http/direct-delivery.js';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import { closeServers, listen } from '../support/http.js';
import { eventually, World, type Caller } from './kit/world.js';

let world: World;
let caller: Caller;
beforeAll(async () => {
  world = await World.create();
  caller = await world.kit();
});
afterAll(() => world.close());
afterEach(closeServers);

const PATH = '/checkout/webhooks/ledgerbee';
const body = (subject: string): string => JSON.stringify({ subject });
const headers = (id: string, signature = 'good'): Record<string, string> => ({
  'content-type': 'application/json',
  'x-id': id,
  'x-signature': signature,
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The date alone may differ. */
async function answerTo(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const headers = new Headers(response.headers);
  headers.delete('date');
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() };
}

/** How many requests came to the kit as a `Request`. */
function counting({ kit }: Caller): {
  readonly target: Parameters<typeof toNodeHandler>[0];
  readonly seen: () => number;
} {
  let seen = 0;
  const target = {
    basePath: kit.basePath,
    fetch: (request: Request) => {
      seen += 1;
      return kit.fetch(request);
    },
  };
  return { target, seen: () => seen };
}

describe('both ways answer alike', () => {
  it.each<[string, string, (id: string) => RequestInit]>([
    ['a delivery', PATH, (id) => ({ method: 'POST', headers: headers(id), body: body('sub-1') })],
    ['a bad signature', PATH, (id) => ({ method: 'POST', headers: headers(id, 'bad'), body: body('sub-1') })],
    [
      'a body that is too large',
      PATH,
      (id) => ({ method: 'POST', headers: headers(id), body: 'x'.repeat(300_000) }),
    ],
    [
      'a body without end',
      PATH,
      (id) => ({ method: 'POST', headers: headers(id), body: endless(), duplex: 'half' }),
    ],
    ['no body', PATH, (id) => ({ method: 'POST', headers: headers(id) })],
    [
      'another vendor',
      '/checkout/webhooks/nobody',
      (id) => ({ method: 'POST', headers: headers(id), body: '{}' }),
    ],
    ['another method', PATH, () => ({ method: 'PUT', body: '{}' })],
    ['a path below', `${PATH}/more`, (id) => ({ method: 'POST', headers: headers(id), body: '{}' })],
    ['a query', `${PATH}?a=1`, (id) => ({ method: 'POST', headers: headers(id), body: body('sub-1') })],
  ])('to %s', async (name, path, request) => {
    const { target } = counting(caller);
    const short = await listen(toNodeHandler(caller.kit));
    const long = await listen(toNodeHandler(target));
    expect(await answerTo(short + path, request(`short ${name}`))).toEqual(
      await answerTo(long + path, request(`long ${name}`)),
    );
  });

  it('while the kit is closing', async () => {
    const closing = await world.kit();
    const short = await listen(toNodeHandler(closing.kit));
    const long = await listen(toNodeHandler(counting(closing).target));
    await closing.kit.close();
    const request = { method: 'POST', headers: headers('late'), body: body('sub-1') };
    const refused = await answerTo(short + PATH, request);
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(refused).toEqual(await answerTo(long + PATH, request));
  });
});

describe('the short way', () => {
  it('is there for the very function that a kit answers with', () => {
    expect(directDeliveryOf(caller.kit)?.basePath).toBe('/checkout');
  });

  it('keeps the bytes, however they are cut on their way', async () => {
    const origin = await listen(toNodeHandler(caller.kit));
    const sent = JSON.stringify({ subject: 'sub-cut', topic: 'æ'.repeat(20_000) });
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    const bytes = Buffer.from(sent);
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: shop.test\r\nX-Id: cut\r\nX-Signature: good\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    for (let from = 0; from < bytes.length; from += 7001) {
      socket.write(bytes.subarray(from, from + 7001));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1.1 204 /);
    const { rows } = await world.pool.query<{ raw_body: Buffer }>(
      `SELECT raw_body FROM ${world.schema}.inbox WHERE message_id = 'cut'`,
    );
    expect(rows[0]?.raw_body.equals(bytes)).toBe(true);
  });

  it('stores nothing of a delivery whose sender goes away half way, and serves the next', async () => {
    const origin = await listen(toNodeHandler(caller.kit));
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: shop.test\r\nX-Id: half\r\nX-Signature: good\r\nContent-Length: 100\r\n\r\n{"subject"`,
    );
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    const request = { method: 'POST', headers: headers('after'), body: body('sub-1') };
    expect((await fetch(origin + PATH, request)).status).toBe(204);
    const { rows } = await world.pool.query<{ message_id: string }>(
      `SELECT message_id FROM ${world.schema}.inbox WHERE message_id IN ('half', 'after')`,
    );
    expect(rows).toEqual([{ message_id: 'after' }]);
  });

  it.each(['short', 'long'])('a sender that goes away is no failure of ours (%s way)', async (way) => {
    const refused: string[] = [];
    const counted = await world.kit({
      metrics: {
        count: (name, _, labels) => {
          if (name === 'checkout_embed_refusals_total' && 'code' in labels) refused.push(String(labels.code));
        },
        observe: () => undefined,
      },
    });
    const target = way === 'short' ? counted.kit : counting(counted).target;
    const origin = await listen(toNodeHandler(target, { log: (entry) => world.logs.push(entry) }));
    world.logs.length = 0;
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: shop.test\r\nX-Id: half\r\nX-Signature: good\r\nContent-Length: 100\r\n\r\n{"subject"`,
      () => socket.destroy(),
    );
    await eventually(() => refused.length > 0);
    expect(refused).toEqual(['bad_request']);
    expect(world.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is not taken past a function that the host put around the kit', async () => {
    const { target, seen } = counting(caller);
    const origin = await listen(toNodeHandler(target));
    const request = { method: 'POST', headers: headers('wrapped'), body: body('sub-1') };
    expect((await fetch(origin + PATH, request)).status).toBe(204);
    expect(seen()).toBe(1);
  });

  it('leaves a body that something read before to the long way, which says what is wrong', async () => {
    const app = express()
      .use(express.json())
      .use(toNodeHandler(caller.kit, { log: () => undefined }));
    const origin = await listen(app);
    const request = { method: 'POST', headers: headers('parsed'), body: body('sub-1') };
    const answer = await answerTo(origin + PATH, request);
    expect(answer).toMatchObject({ status: 500 });
    expect(answer.body).toContain('before the body parser');
  });
});

/** More than the kit takes, without a length. */
function endless(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent > 10) controller.close();
      else controller.enqueue(new Uint8Array(65_536));
    },
  });
}
