/** A backend that speaks the handoff protocol, in place of the network. `vi.restoreAllMocks()` ends it. */
import { vi } from 'vitest';
import type { NextStep, OrderStatus } from 'checkout-embed/core';

/** An answer to `…/events` that goes on. */
export interface StatusStream {
  /** The page has let go of it. */
  readonly isClosed: boolean;
  /** Another snapshot. */
  tell(status: OrderStatus): void;
  /** The backend ends it. */
  end(): void;
}

export interface HandoffCall {
  readonly method: string;
  /** Below the `handoff-url`, which is `/checkout`, or ends so. */
  readonly path: string;
  readonly headers: Headers;
  readonly keepalive: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  /** When it came, in milliseconds since the epoch. */
  readonly atMs: number;
}

export interface HandoffStub {
  status: OrderStatus;
  /** With the status. */
  retry: boolean;
  /** What a start leads to. */
  next: NextStep;
  /** A start is answered after this. */
  opens: Promise<void>;
  /** A question about the status is answered after this, with what was known when it came. */
  replies: Promise<void>;
  /** A start is refused, with this as `Retry-After`, in seconds. */
  busy: number | null;
  /** Nothing is reached. */
  down: boolean;
  /** A question about the status is refused, with this as `Retry-After`, in seconds. */
  limits: number | null;
  /** A question about the status is answered with "not yours". */
  forgets: boolean;
  /** What is answered to calls, by the end of their path. */
  refusals: Readonly<Record<string, 'not_found' | 'unauthorized'>>;
  /** The id that a start gives. */
  attemptId: string;
  /** A signal is taken after this. */
  hears: Promise<void>;
  /** A page of a deploy stands in its place. */
  deploys: boolean;
  /** It streams, beginning with the status that there is; otherwise it has no streams to give. */
  canStream: boolean;
  /** Those that were opened, in their order. */
  readonly streams: StatusStream[];
  readonly calls: HandoffCall[];
  /** Calls to this, as `POST /attempts`. */
  to(call: string): readonly HandoffCall[];
}

export function handoff(): HandoffStub {
  const stub: HandoffStub = {
    status: 'open',
    retry: false,
    next: { type: 'frame', bindToken: null },
    opens: Promise.resolve(),
    replies: Promise.resolve(),
    busy: null,
    down: false,
    limits: null,
    forgets: false,
    refusals: {},
    attemptId: 'att_1',
    hears: Promise.resolve(),
    deploys: false,
    canStream: false,
    streams: [],
    calls: [],
    to: (call) => stub.calls.filter(({ method, path }) => `${method} ${path}` === call),
  };
  vi.spyOn(window, 'fetch').mockImplementation((input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    const path = url.pathname.replace(/^.*\/checkout/, '');
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as HandoffCall['body']) : {};
    const { method = 'GET', keepalive = false } = init;
    stub.calls.push({ method, path, headers: new Headers(init.headers), keepalive, body, atMs: Date.now() });
    if (stub.deploys) return Promise.resolve(new Response('<h1>Back soon</h1>', { status: 404 }));
    return stub.down ? Promise.reject(new TypeError('Failed to fetch')) : answer(stub, path, init.signal);
  });
  return stub;
}

/** Fake time passes as time does: what is answered in it is read before the next second. */
export async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

async function answer(stub: HandoffStub, path: string, signal?: AbortSignal | null): Promise<Response> {
  const { status, retry, opens, replies, busy, limits, attemptId, refusals, hears } = stub;
  const code = Object.entries(refusals).find(([end]) => path.endsWith(end))?.[1];
  if (code !== undefined) return json({ v: 1, code, message: 'No.' }, code === 'not_found' ? 404 : 401);
  if (path === '/attempts') {
    if (busy !== null) return tooMany(busy);
    await opens;
    const { next } = stub;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const attempt = { id: attemptId, token: 'secret', expiresAt };
    return json({ v: 1, attempt, next }, 201);
  }
  if (path.endsWith('/signals')) {
    await hears;
    return json({ v: 1 }, 202);
  }
  if (path.endsWith('/bind-token')) return json({ v: 1, bindToken: 'token-1' });
  if (path.endsWith('/events') && stub.canStream) return openStream(stub, signal);
  if (path.endsWith('/events')) return json({ v: 1, code: 'not_found', message: 'No streams here.' }, 404);
  if (stub.forgets) return json({ v: 1, code: 'not_found', message: 'Not yours.' }, 404);
  if (limits !== null) return tooMany(limits);
  await replies;
  return json({ v: 1, status, ...(retry ? { retry } : {}) });
}

/** As `fetch` has it: whoever aborts the request breaks off its body. */
function openStream({ status: first, streams }: HandoffStub, signal?: AbortSignal | null): Response {
  let isClosed = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const tell = (status: OrderStatus): void => {
        const data = JSON.stringify({ v: 1, status });
        controller.enqueue(new TextEncoder().encode(`event: status\ndata: ${data}\n\n`));
      };
      signal?.addEventListener('abort', () => {
        isClosed = true;
        controller.error(signal.reason);
      });
      streams.push({
        get isClosed() {
          return isClosed;
        },
        tell,
        end: () => controller.close(),
      });
      tell(first);
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
}

function tooMany(retryAfterS: number): Promise<Response> {
  const headers = { 'Retry-After': String(retryAfterS) };
  return json({ v: 1, code: 'rate_limited', message: 'Slowly.' }, 429, headers);
}

/** Read at once: Firefox reads a body in a thread of its own, and now and then takes longer than a turn that is waited for. */
function json(body: object, status = 200, more: Record<string, string> = {}): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...more };
  const text = JSON.stringify(body);
  const response = new Response(text, { status, headers });
  return Promise.resolve(Object.assign(response, { text: () => Promise.resolve(text) }));
}
