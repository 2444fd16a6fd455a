/** What the control APIs of the sandboxes have in common: who may call them, their bodies, and the feed as a stream. */
import { empty, json, parseJson, type Reply, type SandboxRequest } from '../ledgerbee/http.js';
import type { Feed } from './activity.js';

const KEEP_ALIVE_MS = 15_000;

/** A page of another site must not turn the switches: no CORS header, and a foreign `Origin` is refused. */
export function withCors(request: SandboxRequest, reply: Reply, isAllowed: OriginRule): Reply {
  const origin = request.header('origin');
  switch (origin === null ? 'own' : isAllowed(origin)) {
    case 'own':
      return reply;
    case 'partner':
      return {
        ...reply,
        headers: { ...reply.headers, 'access-control-allow-origin': origin ?? '', vary: 'origin' },
      };
    case 'foreign':
      return json({ message: `${origin ?? ''} is not a partner origin of this sandbox` }, 403);
  }
}

/** `own`: the sandbox's own pages, which need no header. */
export type OriginRule = (origin: string) => 'own' | 'partner' | 'foreign';

export function preflight(request: SandboxRequest, isAllowed: OriginRule): Reply {
  const headers = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type, last-event-id',
  };
  return withCors(request, empty(204, headers), isAllowed);
}

/** Server-sent events: what `Last-Event-ID` missed (all that is kept, without one), then what happens. */
export function feedStream<Kind extends string>(feed: Feed<Kind>, request: SandboxRequest): Reply {
  const last = request.header('last-event-id');
  const fromNow = last === null && request.url.searchParams.get('after') === 'now';
  const missed = fromNow ? [] : feed.list(Number(last ?? 0) || 0);
  const frame = (entry: { readonly seq: number }): string =>
    `id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    body: (write) => {
      write(`retry: 1000\n\n${missed.map(frame).join('')}`);
      const unsubscribe = feed.subscribe((entry) => write(frame(entry)));
      const beat = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS).unref();
      return () => {
        unsubscribe();
        clearInterval(beat);
      };
    },
  };
}

/** @throws {RangeError} where the body is no JSON object. */
export function controlBody(request: SandboxRequest): Readonly<Record<string, unknown>> {
  const body = parseJson(request);
  if (typeof body !== 'object' || body === null) throw new RangeError('the body must be a JSON object');
  return body as Readonly<Record<string, unknown>>;
}
