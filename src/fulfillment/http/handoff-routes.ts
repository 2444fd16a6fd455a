import {
  decodeSignal,
  decodeStartAttemptRequest,
  PROTOCOL_VERSION,
  type RefusalCode,
} from '../../protocol/index.js';
import { authorize, type Attempt } from '../authorize.js';
import { ForeignAttemptError, mintBindToken } from '../bind-token.js';
import type { KitContext } from '../context.js';
import { identifyBuyer } from '../identity.js';
import type { Identify, Identity, ResolveOrder } from '../ports.js';
import { resolveExpectation } from '../resolve-order.js';
import { CheckoutRefusedError } from '../open-redirect.js';
import { recordSignal } from '../signals.js';
import { OtherVendorError, startAttempt } from '../start-attempt.js';
import type { LimitedCall } from '../rate-limits.js';
import type { StatusStreams, WatchRefusal } from '../status-streams.js';
import { readSnapshot } from '../status.js';
import { empty, json, RefusalError, stream } from './answers.js';
import { decodeJson, readJsonBytes } from './body.js';
import type { ClientLimits } from './client-limits.js';
import { statusStream } from './sse.js';

/** Largest body of a page's call. A signal is at most 3 kB. */
const MAX_BODY_BYTES = 16 * 1024;
/** What may be an attempt's id, a token, an idempotency key: checked before anything is looked up with it. */
const ATTEMPT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BEARER = /^Bearer ([\w.~+/-]{1,512}=*)$/i;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

/** Today's answer to a call about an attempt that is not the caller's, or not there. */
const UNAUTHORIZED = 'No attempt for this token or login. Start a new one.';

export interface HandoffServices {
  readonly context: KitContext;
  readonly streams: StatusStreams;
  readonly identify: Identify;
  readonly resolveOrder: ResolveOrder;
  readonly limits: ClientLimits;
}

/** `POST …/attempts` */
export async function startRoute(
  services: HandoffServices,
  request: Request,
  address: string | undefined,
): Promise<Response> {
  const { context, identify, resolveOrder, limits } = services;
  const idempotencyKey = request.headers.get('idempotency-key');
  if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new RefusalError('bad_request', 'Idempotency-Key must be 1 to 128 visible ASCII characters');
  }
  const bytes = await readJsonBytes(request, MAX_BODY_BYTES);
  const body = decodeJson(bytes, decodeStartAttemptRequest);
  // The merchant's functions get a request that can still be read. Not a clone: of two branches of one stream
  // neither can be given up alone.
  const { url, method, headers, signal } = request;
  const forMerchant = new Request(url, { method, headers, signal, body: bytes });
  if (!context.vendors.has(body.vendor)) {
    throw new RefusalError(
      'vendor_not_configured',
      `The kit has no adapter for ${body.vendor} in \`vendors\``,
    );
  }
  const identity = await identifyBuyer(identify, forMerchant);
  await limits.admit('start', request, { address, identity });
  const answer = await start(context, {
    body,
    idempotencyKey,
    identity,
    resolve: () => resolveExpectation(resolveOrder, forMerchant, body),
  });
  if (answer === null) throw new RefusalError('order_not_resolved', '`resolveOrder` knows no such order');
  // What was given just now need not be found good first.
  limits.prove(answer.attempt.token);
  return json(201, answer);
}

/** @throws {RefusalError} `order_not_resolved`, `checkout_unavailable`, or `vendor_unavailable` with `Retry-After`. */
async function start(...call: Parameters<typeof startAttempt>): ReturnType<typeof startAttempt> {
  try {
    return await startAttempt(...call);
  } catch (error) {
    if (error instanceof OtherVendorError) {
      const [{ log }, { body }] = call;
      const { orderRef, vendor } = error;
      log({
        level: 'error',
        event: 'start.other-vendor',
        message:
          'An order was to be sold through a second vendor: `resolveOrder` must give it a reference of its own',
        fields: { vendor: body.vendor, orderRef, soldThrough: vendor },
      });
      throw new RefusalError('order_not_resolved', error.message);
    }
    if (!(error instanceof CheckoutRefusedError)) throw error;
    const { code, message, retryAfterMs } = error;
    const waits = code === 'vendor_unavailable';
    const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1000));
    throw new RefusalError(code, message, waits ? { 'Retry-After': String(seconds) } : {});
  }
}

/** `GET …/attempts/:id` */
export async function statusRoute(
  services: HandoffServices,
  request: Request,
  id: string,
  address: string | undefined,
): Promise<Response> {
  const attempt = await authorized(services, request, id, 'status', address);
  const snapshot = await readSnapshot(services.context, attempt.id);
  if (snapshot === null) throw new RefusalError('unauthorized', UNAUTHORIZED);
  const { etag, body } = snapshot;
  return matches(request.headers.get('if-none-match'), etag)
    ? empty(304, { ETag: etag })
    : json(200, body, { ETag: etag });
}

/** `GET …/attempts/:id/events` */
export async function eventsRoute(
  services: HandoffServices,
  request: Request,
  id: string,
  address: string | undefined,
): Promise<Response> {
  const attempt = await authorized(services, request, id, 'events', address);
  const opened = await statusStream(services.streams, attempt.id, request.signal);
  return opened.state === 'open' ? stream(opened.body) : refuseStream(opened.state);
}

/** `POST …/attempts/:id/bind-token` */
export async function bindTokenRoute(
  services: HandoffServices,
  request: Request,
  id: string,
  address: string | undefined,
): Promise<Response> {
  const attempt = await authorized(services, request, id, 'bindToken', address);
  if (services.context.vendors.get(attempt.vendor)?.flow !== 'frame') {
    throw new RefusalError('not_found', 'This vendor has no frame, and so no bind token');
  }
  const identity = await identifyBuyer(services.identify, request);
  try {
    return json(200, await mintBindToken(services.context, attempt, identity));
  } catch (error) {
    if (error instanceof ForeignAttemptError) throw new RefusalError('unauthorized', UNAUTHORIZED);
    throw error;
  }
}

/** `POST …/attempts/:id/signals` */
export async function signalsRoute(
  services: HandoffServices,
  request: Request,
  id: string,
  address: string | undefined,
): Promise<Response> {
  const attempt = await authorized(services, request, id, 'signals', address);
  const signal = decodeJson(await readJsonBytes(request, MAX_BODY_BYTES), decodeSignal);
  await recordSignal(services.context, attempt, signal);
  return json(202, { v: PROTOCOL_VERSION });
}

/** The page polls instead, from `Retry-After` on. */
function refuseStream(why: WatchRefusal): never {
  const headers = { 'Retry-After': '1' };
  switch (why) {
    case 'gone':
      throw new RefusalError('unauthorized', UNAUTHORIZED);
    case 'closing':
      throw new RefusalError('unavailable', 'The kit is closing', headers);
    case 'full':
      throw new RefusalError('unavailable', 'No more streams in this process: poll the status', headers);
    case 'attempt_full':
      throw new RefusalError('rate_limited', 'Too many streams of this attempt: poll the status', headers);
  }
}

/**
 * Limited before anything is looked up, so that guessing costs the guesser.
 * @throws {RefusalError} `not_found`, `rate_limited`, `unauthorized`
 */
async function authorized(
  { context, identify, limits }: HandoffServices,
  request: Request,
  id: string,
  call: LimitedCall,
  address: string | undefined,
): Promise<Attempt> {
  if (!ATTEMPT_ID.test(id)) throw new RefusalError('not_found', 'Not an attempt id');
  const header = request.headers.get('authorization');
  const token = header === null ? null : (BEARER.exec(header)?.[1] ?? '');
  await limits.admit(call, request, { token, address });
  const attempt = await authorize(context, id, {
    token,
    identify: (): Promise<Identity | null> => identifyBuyer(identify, request),
  });
  if (attempt === null) throw new RefusalError('unauthorized' satisfies RefusalCode, UNAUTHORIZED);
  limits.prove(token);
  return attempt;
}

/** @see RFC 9110, 13.1.2: compared weakly, `*` matches whatever there is. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
