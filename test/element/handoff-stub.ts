/** A backend that speaks the handoff protocol, in place of the network. `vi.restoreAllMocks()` ends it. */
import { vi } from 'vitest';
import type { NextStep, OrderStatus } from 'checkout-embed/core';

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
    calls: [],
    to: (call) => stub.calls.filter(({ method, path }) => `${method} ${path}` === call),
  };
  vi.spyOn(window, 'fetch').mockImplementation((input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    const path = url.pathname.replace(/^.*\/checkout/, '');
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as HandoffCall['body']) : {};
    const { method = 'GET', keepalive = false } = init;
    stub.calls.push({ method, path, headers: new Headers(init.headers), keepalive, body, atMs: Date.now() });
    return stub.down ? Promise.reject(new TypeError('Failed to fetch')) : answer(stub, path);
  });
  return stub;
}

async function answer(stub: HandoffStub, path: string): Promise<Response> {
  const { status, retry, next, opens, replies, busy, limits } = stub;
  if (path === '/attempts') {
    if (busy !== null) return tooMany(busy);
    await opens;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const attempt = { id: 'att_1', token: 'secret', expiresAt };
    return json({ v: 1, attempt, next }, 201);
  }
  if (path.endsWith('/signals')) return json({ v: 1 }, 202);
  if (path.endsWith('/bind-token')) return json({ v: 1, bindToken: 'token-1' });
  if (path.endsWith('/events')) return json({ v: 1, code: 'not_found', message: 'No streams here.' }, 404);
  if (stub.forgets) return json({ v: 1, code: 'not_found', message: 'Not yours.' }, 404);
  if (limits !== null) return tooMany(limits);
  await replies;
  return json({ v: 1, status, ...(retry ? { retry } : {}) });
}

function tooMany(retryAfterS: number): Promise<Response> {
  const headers = { 'Retry-After': String(retryAfterS) };
  return json({ v: 1, code: 'rate_limited', message: 'Slowly.' }, 429, headers);
}

function json(body: object, status = 200, more: Record<string, string> = {}): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...more };
  return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
}
