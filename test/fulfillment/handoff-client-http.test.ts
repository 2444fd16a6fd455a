import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HandoffClient, HandoffError, StatusWatcher, type AttemptRequest } from '../../src/core/handoff.js';
import { deferred } from '../unit/core-fakes.js';

const HANDLE = { id: 'att_1', token: 'plainly-fake', expiresAt: '2099-01-01T00:00:00Z' };
const STARTED = { v: 1, attempt: HANDLE, next: { type: 'frame', bindToken: null } };
const REQUEST: AttemptRequest = { vendor: 'ledgerbee', order: 'order-1', page: 'http://shop.localhost/buy' };

/** Long only on a machine that is busy with other things, in milliseconds. */
const PATIENT = { timeout: 20_000 };

const servers: Server[] = [];

/** A backend on a real socket. Gives its base URL. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

function connect(baseUrl: string): { client: HandoffClient; signal: AbortSignal } {
  return { client: new HandoffClient({ baseUrl, store: null }), signal: new AbortController().signal };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function openStream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  return response;
}

function snapshot(status: string): string {
  return `event: status\ndata: ${JSON.stringify({ v: 1, status })}\n\n`;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

describe('over real connections', () => {
  it('starts again under the same key when the connection broke before the answer', async () => {
    const keys: unknown[] = [];
    const base = await listen((request, response) => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length === 1) request.socket.destroy();
      else answer(response, 201, STARTED);
    });
    const { client, signal } = connect(`${base}/checkout`);

    const started = await client.start(REQUEST, signal);

    expect(started.attempt).toEqual(HANDLE);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it('names a backend that is not there', async () => {
    const base = await listen(() => undefined);
    const server = servers.pop()!;
    server.close();
    await once(server, 'close');
    const { client, signal } = connect(base);

    await expect(client.status(HANDLE, signal)).rejects.toMatchObject({
      name: 'HandoffError',
      code: 'network',
    });
  });

  it('names a body that breaks off', async () => {
    const base = await listen((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"v":1,');
      setImmediate(() => response.destroy());
    });
    const { client, signal } = connect(base);

    await expect(client.status(HANDLE, signal)).rejects.toMatchObject({ code: 'network' });
  });

  it('takes the token nowhere else: a redirect is not followed', async () => {
    const elsewhere: string[] = [];
    const other = await listen((request, response) => {
      elsewhere.push(request.url ?? '');
      answer(response, 200, { v: 1, status: 'fulfilled' });
    });
    const base = await listen((request, response) => {
      response.writeHead(307, { Location: other + (request.url ?? '') }).end();
    });
    const { client, signal } = connect(base);

    await expect(client.status(HANDLE, signal)).rejects.toMatchObject({ code: 'network' });
    expect(elsewhere).toEqual([]);
  });

  it('sends no second body for an answer that has not changed', async () => {
    const statuses: number[] = [];
    const base = await listen((request, response) => {
      const fresh = request.headers['if-none-match'] !== '"1"';
      statuses.push(fresh ? 200 : 304);
      if (fresh) answer(response, 200, { v: 1, status: 'processing' }, { ETag: '"1"' });
      else response.writeHead(304, { ETag: '"1"' }).end();
    });
    const { client, signal } = connect(base);

    await client.status(HANDLE, signal);
    const again = await client.status(HANDLE, signal);

    expect(again.answer?.status).toBe('processing');
    expect(statuses).toEqual([200, 304]);
  });

  it('sends a signal once it can, and holds it until it was taken', async () => {
    const bodies: unknown[] = [];
    const base = await listen((request, response) => {
      void readBody(request).then((body) => {
        bodies.push(body);
        if (bodies.length === 1) answer(response, 503, { v: 1, code: 'unavailable', message: 'Down.' });
        else answer(response, 202, { v: 1 });
      });
    });
    const { client } = connect(base);
    client.signal(HANDLE, { kind: 'confirmed', status: 'CONFIRMED' });
    await expect.poll(() => bodies.length, PATIENT).toBe(1);

    // The refusal may still be on its way to the client, where the entry counts as under way.
    await expect
      .poll(async () => {
        await client.flush();
        return bodies.length;
      }, PATIENT)
      .toBe(2);
    await client.flush();

    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toEqual(bodies[0]);
  });
});

describe('a stream over a real connection', () => {
  it('gives each snapshot as it comes and ends when the backend ends it', async () => {
    let stream: ServerResponse | undefined;
    const base = await listen((_request, response) => {
      stream = openStream(response);
      stream.write(': hello\n\n' + snapshot('open'));
    });
    const { client, signal } = connect(base);
    const heard: string[] = [];
    const ended = client.events(HANDLE, ({ status }) => heard.push(status), signal);
    await expect.poll(() => heard, PATIENT).toEqual(['open']);

    const [first, second] = [snapshot('fulfilled').slice(0, 20), snapshot('fulfilled').slice(20)];
    stream?.write(first);
    stream?.end(second);
    await ended;

    expect(heard).toEqual(['open', 'fulfilled']);
  });

  it('says so when the connection breaks', async () => {
    const base = await listen((_request, response) => {
      openStream(response).write(snapshot('open'));
    });
    const { client, signal } = connect(base);

    const broken = client.events(HANDLE, () => servers[0]?.closeAllConnections(), signal);

    await expect(broken).rejects.toMatchObject({ code: 'network' });
  });

  it('closes the connection when its reader leaves, and when it cannot be read', async () => {
    let closed = 0;
    const base = await listen((request, response) => {
      response.on('close', () => (closed += 1));
      openStream(response).write(request.url?.includes('att_1') === true ? snapshot('open') : 'data: {}\n\n');
    });
    const { client } = connect(base);
    const leaving = new AbortController();

    const left = client.events(HANDLE, () => leaving.abort(new Error('left')), leaving.signal);
    await expect(left).rejects.toThrow('left');
    const unreadable = client.events(
      { ...HANDLE, id: 'att_2' },
      () => undefined,
      new AbortController().signal,
    );
    await expect(unreadable).rejects.toBeInstanceOf(HandoffError);

    await expect.poll(() => closed, PATIENT).toBe(2);
  });

  it('falls back to polling where the backend has none', async () => {
    const asked: string[] = [];
    const base = await listen((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.endsWith('/events') === true) {
        answer(response, 404, { v: 1, code: 'method_not_allowed', message: 'No streams here.' });
      } else answer(response, 200, { v: 1, status: 'fulfilled' });
    });
    const { client } = connect(base);
    const fulfilled = deferred<string>();
    const watcher = new StatusWatcher({
      source: {
        read: (signal) => client.status(HANDLE, signal),
        stream: (onAnswer, signal) => client.events(HANDLE, onAnswer, signal),
      },
      onAnswer: ({ status }) => fulfilled.resolve(status),
      random: () => 0,
    });
    watcher.start();

    expect(await fulfilled.promise).toBe('fulfilled');
    watcher.stop();

    expect(asked).toEqual(['/attempts/att_1/events', '/attempts/att_1']);
  });
});
