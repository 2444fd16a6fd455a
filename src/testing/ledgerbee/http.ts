/** Requests and replies as plain values, and the one node server that carries them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isLoopbackHost } from './loopback.js';

const MAX_BODY_BYTES = 64 * 1024;

export interface SandboxRequest {
  readonly method: string;
  readonly url: URL;
  readonly header: (name: string) => string | null;
  readonly body: string;
  readonly remoteAddress: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A function keeps the answer open as a stream; it returns what ends its source. */
  readonly body: string | ((write: (chunk: string) => void) => () => void);
  /** What the connection gets in place of an answer: nothing at all, or its end. */
  readonly instead?: 'silence' | 'end';
}

export type Handle = (request: SandboxRequest) => Promise<Reply>;

export const json = (value: unknown, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(value),
});

export const page = (html: string, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: html,
});

export const script = (text: string): Reply => ({
  status: 200,
  headers: {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
    // A page under COEP, or with `crossorigin` on the tag, may load it.
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
  },
  body: text,
});

export const redirect = (location: string): Reply => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store' },
  body: '',
});

export const empty = (status: number, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers,
  body: '',
});

/** A JSON body, or `undefined` where it is none. */
export function parseJson(request: SandboxRequest): unknown {
  try {
    return JSON.parse(request.body === '' ? '{}' : request.body) as unknown;
  } catch {
    return undefined;
  }
}

/** Serves `handle` on 127.0.0.1. Only loopback names are answered: a page that rebinds its DNS name gets 421. */
export function serve(handle: Handle): Server {
  return createServer((incoming, outgoing) => {
    void answer(handle, incoming, outgoing).catch(() => outgoing.destroy());
  });
}

async function answer(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const origin = `http://${incoming.headers.host ?? ''}`;
  const path = (incoming.url ?? '/').replace(/^\/+/, '/');
  if (!URL.canParse(path, origin) || !isLoopbackHost(new URL(origin).hostname)) {
    send(outgoing, empty(421));
    return;
  }
  const body = await readBody(incoming);
  if (body === null) {
    send(outgoing, empty(413, { connection: 'close' }));
    return;
  }
  const reply = await handle({
    method: incoming.method ?? 'GET',
    url: new URL(path, origin),
    header: (name) => {
      const value = incoming.headers[name];
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
    },
    body,
    remoteAddress: incoming.socket.remoteAddress ?? '',
  });
  send(outgoing, reply);
}

function send(outgoing: ServerResponse, reply: Reply): void {
  if (reply.instead !== undefined) {
    if (reply.instead === 'end') outgoing.destroy();
    return;
  }
  outgoing.writeHead(reply.status, reply.headers);
  if (typeof reply.body === 'string') {
    outgoing.end(reply.body);
    return;
  }
  outgoing.flushHeaders();
  outgoing.once(
    'close',
    reply.body((chunk) => void outgoing.write(chunk)),
  );
}

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
