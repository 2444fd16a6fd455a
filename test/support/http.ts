/** Servers on loopback, and clients that do what no well-behaved one would. */
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect, type AddressInfo, type Server as NetServer } from 'node:net';

/** Far more bytes than flow while the buffers of two sockets fill. */
export const LARGE = 128 * 1_048_576;
/** More than those buffers hold. */
export const BUFFERED = 16 * 1_048_576;
/** When nothing has moved for so long, nothing will. */
export const STALLED_MS = 100;

const servers: NetServer[] = [];

/** Ends every server of the test, whatever is still open on it. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

export function listen(handler: RequestListener): Promise<string> {
  return listenOn(createServer(handler));
}

export async function listenOn(server: NetServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One request written by hand, for what no client would send. */
export async function exchange(origin: string, head: string): Promise<{ status: number; body: string }> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [start = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const isChunked = /transfer-encoding: chunked/i.test(start);
  return { status: Number(start.split(' ')[1]), body: isChunked ? dechunk(body) : body };
}

function dechunk(body: string): string {
  const [length = '0', ...rest] = body.split('\r\n');
  return rest.join('\r\n').slice(0, Number.parseInt(length, 16));
}

/** Sends a large body as fast as it is taken; calls `onStalled` when nothing is taken any more, or all was. */
export async function upload(url: string, onStalled: () => void): Promise<{ status: number; sent: number }> {
  const req = httpRequest(url, { method: 'POST' });
  const chunk = Buffer.alloc(65_536);
  let sent = 0;
  let watch: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(watch);
    watch = setTimeout(onStalled, STALLED_MS);
    while (sent < LARGE) {
      sent += chunk.length;
      if (!req.write(chunk)) return;
    }
  };
  req.on('drain', write);
  req.on('error', () => undefined);
  write();
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  const result = { status: res.statusCode ?? 0, sent };
  req.destroy();
  return result;
}

export function deferred<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
