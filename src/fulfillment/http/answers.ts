import { PROTOCOL_VERSION, type Refusal, type RefusalCode } from '../../protocol/index.js';

/** Every refusal's HTTP status. */
const STATUS_OF: Readonly<Record<RefusalCode, number>> = {
  bad_request: 400,
  unsupported_version: 400,
  unauthorized: 401,
  origin_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  checkout_unavailable: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  order_not_resolved: 422,
  vendor_not_configured: 422,
  rate_limited: 429,
  internal: 500,
  vendor_unavailable: 502,
  unavailable: 503,
};

/** What every answer of the kit carries: nothing of it is for a cache, and its type is not to be guessed. */
export const COMMON = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/** Thrown by a route to refuse. The message is for developers: it names what to change, and holds no input. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly code: RefusalCode;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: RefusalCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

export function json(
  status: number,
  body: string | object,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { ...COMMON, 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}

/** An answer without a body. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...COMMON, ...headers } });
}

export function stream(body: ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    // A proxy that gathers the stream, or transforms it, would hold events back.
    headers: {
      ...COMMON,
      'Cache-Control': 'no-store, no-transform',
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    },
  });
}

export function refuse({ code, message, headers }: RefusalError): Response {
  const refusal: Refusal = { v: PROTOCOL_VERSION, code, message };
  return json(STATUS_OF[code], refusal, headers);
}
