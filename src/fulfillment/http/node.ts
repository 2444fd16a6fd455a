/** The kit as a handler of Node's own HTTP server, and of whatever speaks its language: Express, Connect. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROTOCOL_VERSION, type Refusal, type RefusalCode } from '../../protocol/index.js';
import { ConfigurationError } from '../errors.js';
import { consoleLog } from '../log.js';
import type { Log } from '../ports.js';
import { directDeliveryOf } from './direct-delivery.js';
import type { FetchInfo } from './fetch.js';
import { readAddress } from './node-address.js';
import { readBody } from './node-body.js';
import { deliverDirectly } from './node-delivery.js';
import { writeResponse } from './node-response.js';
import { readTarget, readUrl, UnusableRequest, type RequestTarget } from './node-url.js';

/** The part of a kit that the handler needs. */
export interface NodeHandlerTarget {
  fetch(request: Request, info?: FetchInfo): Promise<Response>;
  /** Requests outside it go on to `next`. Absent: everything is the target's. */
  readonly basePath?: string;
}

export interface NodeHandlerOptions {
  /**
   * Scheme and host that requests are said to be for, e.g. `https://shop.example`. Default: the connection's
   * scheme and the `Host` header, which is right unless a proxy in front rewrites them.
   */
  readonly origin?: string;
  /**
   * How many proxies stand before this server and each append to `X-Forwarded-For` the address they see: 1 for one
   * nginx or load balancer, 2 for a CDN before it. Rate limits then count the buyer and not the proxy. Default: the
   * header is not believed; the address is Express's `req.ip` where there is one, which follows the app's own
   * `trust proxy`, else the socket's.
   */
  readonly trustedProxies?: number;
  /** Where failures of this handler go. Default: JSON lines on the console. */
  readonly log?: Log;
}

export type NodeHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * `http.createServer(toNodeHandler(kit))`, or `app.use(toNodeHandler(kit))` before any body parser.
 *
 * Bodies are streamed in and answers streamed out, so the target's own limits hold and server-sent events
 * arrive as they are written. When the client goes away, `request.signal` is aborted and the answer's body is
 * cancelled. Never throws and never calls `next` with an error: every failure is answered and logged.
 *
 * A body that something read before us is refused with 500 and a logged {@link ConfigurationError}
 * `parsed-body`: a signature covers the bytes as they were sent. `express.raw()`'s Buffer in `req.body`, and a
 * Buffer in `req.rawBody`, are those bytes and are taken.
 * @throws {ConfigurationError} `invalid-option` for an `origin` that is none, or `trustedProxies` that is no count.
 */
export function toNodeHandler(target: NodeHandlerTarget, options: NodeHandlerOptions = {}): NodeHandler {
  const origin = options.origin === undefined ? null : readOrigin(options.origin);
  const trustedProxies = options.trustedProxies === undefined ? null : readCount(options.trustedProxies);
  const log = options.log ?? consoleLog;
  const direct = directDeliveryOf(target);
  return (req, res, next) => {
    const delivered = direct === undefined ? null : deliverDirectly(direct, req, res);
    if (delivered !== null) {
      delivered.catch((error: unknown) => refuse(res, error, log));
      return;
    }
    const path = readTarget(req);
    if (next !== undefined && !isInside(path, target.basePath)) {
      next();
      return;
    }
    const send = (request: Request): Promise<Response> =>
      target.fetch(request, { clientAddress: readAddress(req, trustedProxies) });
    answer(send, req, res, path, origin).catch((error: unknown) => refuse(res, error, log));
  };
}

function isInside(path: RequestTarget | null, basePath = '/'): boolean {
  if (path === null) return false;
  const base = basePath.replace(/\/+$/, '');
  return path.pathname === base || path.pathname.startsWith(`${base}/`);
}

async function answer(
  send: (request: Request) => Promise<Response>,
  req: IncomingMessage,
  res: ServerResponse,
  path: RequestTarget | null,
  origin: string | null,
): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  const request = toRequest(req, readUrl(req, path, origin), gone.signal);
  await writeResponse(await send(request), req, res, gone.signal);
}

function toRequest(req: IncomingMessage, url: string, signal: AbortSignal): Request {
  const body = readBody(req);
  try {
    const headers = new Headers();
    for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) {
      const name = req.rawHeaders[index] ?? '';
      // HTTP/2's pseudo headers are in the URL and the method already.
      if (!name.startsWith(':')) headers.append(name, req.rawHeaders[index + 1] ?? '');
    }
    const init: RequestInit & { duplex: 'half' } = {
      method: req.method ?? 'GET',
      headers,
      signal,
      duplex: 'half',
      ...(body === null ? {} : { body }),
    };
    return new Request(url, init);
  } catch (error) {
    // TRACE, for one: the platform's Request cannot be made of it.
    throw new UnusableRequest('The request cannot be represented', { cause: error });
  }
}

/** The last word on every failure of this handler, so that no client waits and no process ends for it. */
function refuse(res: ServerResponse, error: unknown, log: Log): void {
  if (res.closed) return;
  if (error instanceof UnusableRequest) {
    send(res, 400, 'bad_request', error.message);
    return;
  }
  const isParsedBody = error instanceof ConfigurationError && error.code === 'parsed-body';
  log({
    level: 'error',
    event: isParsedBody ? 'http.parsed_body' : 'http.failed',
    // Any other error's words may be about a buyer, or hold a secret.
    message: isParsedBody ? error.message : 'A request could not be answered',
    fields: { error: error instanceof Error ? error.name : 'unknown' },
  });
  // The fix is in the answer too: the vendor's delivery log is where a wrongly mounted handler is noticed.
  send(res, 500, 'internal', isParsedBody ? error.message : 'The server could not answer');
}

function send(res: ServerResponse, status: number, code: RefusalCode, message: string): void {
  if (res.headersSent) {
    // Too late for another answer: break off, so that half a body is not taken for a whole one.
    res.destroy();
    return;
  }
  const refusal: Refusal = { v: PROTOCOL_VERSION, code, message };
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(refusal));
}

function readCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new ConfigurationError(
      'invalid-option',
      'toNodeHandler: trustedProxies must be the number of proxies before this server, such as 1',
    );
  }
  return value;
}

function readOrigin(value: string): string {
  if (!URL.canParse(value) || new URL(value).origin !== value.replace(/\/$/, '')) {
    throw new ConfigurationError(
      'invalid-option',
      'toNodeHandler: origin must be a scheme and a host, such as https://shop.example',
    );
  }
  return new URL(value).origin;
}
