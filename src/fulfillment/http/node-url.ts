/** Which URL is a Node request for? Never throws but {@link UnusableRequest}, whatever the client wrote. */
import type { IncomingMessage } from 'node:http';

/** What a client sent cannot be made into a request. Answered 400. */
export class UnusableRequest extends Error {
  override readonly name = 'UnusableRequest';
}

/** A name or an IPv6 address, with or without a port. Everything else in `Host` is an attack or a mistake. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const ABSOLUTE_FORM = /^https?:\/\//i;

export interface RequestTarget {
  /** Normalized: no dot segments. */
  readonly pathname: string;
  /** With its `?`, or empty. */
  readonly search: string;
}

/**
 * Path and query of the request line; `null` for `*` and for what is no URL. The host in an absolute form is
 * dropped, and a path that begins with `//` stays a path.
 */
export function readTarget(req: IncomingMessage): RequestTarget | null {
  const raw = requestLine(req);
  const text = ABSOLUTE_FORM.test(raw) ? raw : raw.startsWith('/') ? `http://localhost${raw}` : null;
  if (text === null || !URL.canParse(text)) return null;
  const { pathname, search } = new URL(text);
  return { pathname, search };
}

/** @throws {UnusableRequest} */
export function readUrl(req: IncomingMessage, target: RequestTarget | null, origin: string | null): string {
  if (target === null) throw new UnusableRequest('The request line holds no path');
  const url = `${origin ?? connectionOrigin(req)}${target.pathname}${target.search}`;
  if (!URL.canParse(url)) throw new UnusableRequest('The Host header is not a host');
  return url;
}

/** Whether a `Host` header holds what it should. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** Express and Connect take the mount path off `url`, and keep the whole in `originalUrl`. */
export function requestLine(req: IncomingMessage & { readonly originalUrl?: unknown }): string {
  return typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '/');
}

function connectionOrigin(req: IncomingMessage): string {
  const authority = req.headers[':authority'];
  // HTTP/1.0 has no Host; Node itself refuses an HTTP/1.1 request without one.
  const host = (typeof authority === 'string' ? authority : req.headers.host) ?? 'localhost';
  if (!HOST.test(host)) throw new UnusableRequest('The Host header is not a host');
  const isEncrypted = 'encrypted' in req.socket && req.socket.encrypted === true;
  return `${isEncrypted ? 'https' : 'http'}://${host}`;
}
