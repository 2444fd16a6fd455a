/** The basket before the purchase: what a session holds, and what the vendor refuses to put into one. */
import type { SandboxRequest } from '../ledgerbee/http.js';
import { LedyerFailure } from './failure.js';
import { newId } from './ids.js';
import { type LedyerLine, readLines, sumOf } from './lines.js';

/** Of a session, from its making. */
export const SESSION_LIFETIME_MS = 7 * 24 * 3_600_000;
const MAX_REFERENCE_LENGTH = 50;
const DEFAULT_SECURITY_LEVEL = 100;

export type LedyerProduct = 'checkout' | 'payments';
export type SessionState = 'initial' | 'awaitingSignatory' | 'authorized' | 'expired';

export interface LedyerSession {
  /** `se_…`, or `ps_…` of the Payments product. */
  readonly id: string;
  readonly product: LedyerProduct;
  readonly merchantId: string;
  readonly state: SessionState;
  readonly storeId: string;
  readonly country: string;
  readonly currency: string;
  readonly locale: string;
  readonly customer: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The merchant's, at most 50 characters. */
  readonly reference: string | null;
  readonly lines: readonly LedyerLine[];
  readonly securityLevel: number;
  readonly urls: {
    readonly terms: string;
    readonly confirmation: string | null;
    readonly notification: string | null;
  };
  readonly autoCaptureDelayMinutes: number | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws {LedyerFailure} 400 or 422 */
export function newSession(
  product: LedyerProduct,
  body: Fields,
  merchant: { readonly merchantId: string; readonly storeId: string },
  nowMs: number,
): LedyerSession {
  return {
    id: newId(product === 'checkout' ? 'se' : 'ps'),
    product,
    merchantId: merchant.merchantId,
    storeId: typeof body['storeId'] === 'string' ? body['storeId'] : merchant.storeId,
    state: 'initial',
    ...readContent(body),
    createdAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + SESSION_LIFETIME_MS).toISOString(),
  };
}

/** Lines that come replace all there were. @throws {LedyerFailure} */
export function updateSession(session: LedyerSession, body: Fields): LedyerSession {
  if (session.state !== 'initial') throw new LedyerFailure(409, 'the session can no longer be changed');
  return { ...session, ...readContent({ ...contentOf(session), ...body }) };
}

function readContent(
  body: Fields,
): Omit<LedyerSession, 'id' | 'product' | 'merchantId' | 'storeId' | 'state' | 'createdAt' | 'expiresAt'> {
  const lines = readLines(body['orderLines']);
  const { total, vat } = sumOf(lines);
  const totals = { totalOrderAmount: total, totalOrderAmountExclVat: total - vat, totalOrderVatAmount: vat };
  for (const [field, expected] of Object.entries(totals)) {
    if (body[field] !== expected) throw new LedyerFailure(422, 'is not the sum of the lines', field);
  }
  const settings = objectOf(body['settings']);
  const urls = objectOf(settings['urls']);
  const autoCapture = objectOf(body['autoCapture']);
  return {
    country: readMatch(body, 'country', /^[A-Z]{2}$/),
    currency: readMatch(body, 'currency', /^[A-Z]{3}$/),
    locale: readMatch(body, 'locale', /^[a-z]{2}-[A-Z]{2}$/),
    customer: objectOf(body['customer']),
    metadata: objectOf(body['metadata']),
    reference: readReference(body['reference']),
    lines,
    securityLevel: readSecurityLevel(objectOf(settings['security'])['level']),
    urls: {
      terms: readUrl(urls['terms'], 'terms') ?? missing('settings.urls.terms'),
      confirmation: readUrl(urls['confirmation'], 'confirmation'),
      notification: readUrl(urls['notification'], 'notification'),
    },
    autoCaptureDelayMinutes:
      autoCapture['enabled'] === true ? Number(autoCapture['delayMinutes'] ?? 0) : null,
  };
}

/** As the merchant sent it, for an update that names only some of it. */
function contentOf(session: LedyerSession): Fields {
  const { total, vat } = sumOf(session.lines);
  const { country, currency, locale, customer, metadata, reference, urls } = session;
  return {
    ...{ country, currency, locale, customer, metadata, reference },
    orderLines: session.lines,
    totalOrderAmount: total,
    totalOrderAmountExclVat: total - vat,
    totalOrderVatAmount: vat,
    settings: { urls, security: { level: session.securityLevel } },
    ...(session.autoCaptureDelayMinutes === null
      ? {}
      : { autoCapture: { enabled: true, delayMinutes: session.autoCaptureDelayMinutes } }),
  };
}

/** @throws {LedyerFailure} 400 */
export function readBody(request: SandboxRequest): Fields {
  try {
    const body: unknown = JSON.parse(request.body === '' ? '{}' : request.body);
    // An empty list is what some integrations send for "nothing".
    if (Array.isArray(body) && body.length === 0) return {};
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  } catch {
    // Falls through to the refusal.
  }
  throw new LedyerFailure(400, 'the body must be a JSON object');
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function missing(field: string): never {
  throw new LedyerFailure(400, 'is required', field);
}

function readMatch(body: Fields, field: string, shape: RegExp): string {
  const value = body[field];
  if (typeof value !== 'string' || !shape.test(value)) throw new LedyerFailure(400, 'is not valid', field);
  return value;
}

function readReference(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && value.length <= MAX_REFERENCE_LENGTH) return value;
  throw new LedyerFailure(400, `must be at most ${MAX_REFERENCE_LENGTH} characters`, 'reference');
}

function readSecurityLevel(value: unknown): number {
  if (value === undefined) return DEFAULT_SECURITY_LEVEL;
  if (Number.isSafeInteger(value)) return value as number;
  throw new LedyerFailure(400, 'must be a whole number', 'settings.security.level');
}

function readUrl(value: unknown, name: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value)) return value;
  throw new LedyerFailure(400, 'must be an http or https URL', `settings.urls.${name}`);
}
