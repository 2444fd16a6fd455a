/** What does an error answer of LedgerBee mean, and who can mend it? */
import type { JsonRecord } from '../../../protocol/index.js';
import { VendorError, type VendorErrorCode } from '../../errors.js';
import { boundedWait, readRetryAfter } from '../exchange.js';
import { nameOf, type ApiCall } from './call.js';

/** Shapes of what we repeat from an answer. Anything else could be a buyer's data. */
const VENDOR_CODE = /^[A-Z][A-Z0-9_.]{0,63}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/;

/** The documented envelope, as far as it can be read. */
interface Envelope {
  readonly code: string | null;
  readonly details: JsonRecord;
}

export function errorOfAnswer(response: Response, body: unknown, call: ApiCall): VendorError {
  const { status } = response;
  const envelope = readEnvelope(body);
  const [code, problem] = explain(status, envelope, call);
  return new VendorError(
    code,
    `${nameOf(call)}: LedgerBee answered ${status}${envelope.code === null ? '' : ` ${envelope.code}`}. ${problem}`,
    { status, vendorCode: envelope.code, retryAfterMs: readWait(response.headers) },
  );
}

/** Whether a 404 comes from the API itself: only then does it say that a thing does not exist. */
export function isEnvelope(body: unknown): boolean {
  return isRecord(body) && typeof body['statusCode'] === 'number';
}

function explain(status: number, { code, details }: Envelope, call: ApiCall): [VendorErrorCode, string] {
  if (status >= 300 && status < 400) {
    return [
      'rejected',
      'Redirects are not followed: set `apiBaseUrl` to the address LedgerBee gave with the key',
    ];
  }
  switch (status) {
    case 401:
      return [
        'unauthorized',
        details['reason'] === 'ip_whitelist_mismatch'
          ? `The key in \`${call.key}\` may not be used from this server's address: add it to the key's IP list`
          : `The key in \`${call.key}\` is wrong, expired or revoked: make a new one ${whereToMake(call)}`,
      ];
    case 403:
      return ['forbidden', explainForbidden(code, details, call)];
    case 404:
      return [
        'rejected',
        code === 'CUSTOMER_NOT_FOUND'
          ? 'The tenant has no customer with the `customerId` that `identify` returned: return an existing id, or `customer` to have one made'
          : 'Nothing is there: check that `apiBaseUrl` ends in /v1 and is the one given with the key',
      ];
    case 408:
      return ['timeout', 'It gave up waiting'];
    case 429:
      return ['rate-limited', 'The key has used up its rate limit'];
    default:
      if (status >= 500) return ['unavailable', 'The trouble is on its side'];
      return ['rejected', explainRejected(details)];
  }
}

function explainForbidden(code: string | null, details: JsonRecord, call: ApiCall): string {
  if (code === 'LICENSE.REQUIRED') {
    const licence = names([details['licenseKey']]);
    return `The tenant lacks the licence${licence === '' ? '' : ` ${licence}`}: have it enabled`;
  }
  const scopes = names(details['requiredScopes']);
  return `The key in \`${call.key}\` lacks ${scopes === '' ? 'a scope' : `the scope ${scopes}`}: make one that has it ${whereToMake(call)}`;
}

function whereToMake(call: ApiCall): string {
  return call.key === 'ssoKey' ? 'with Generate SSO key, on the SSO tab' : 'in Marketplace → API Keys';
}

/** Names the fields that failed. Their content, and the vendor's sentences about it, stay out. */
function explainRejected(details: JsonRecord): string {
  const failures = Array.isArray(details['validationErrors']) ? details['validationErrors'] : [];
  const fields = names(
    failures.map((failure: unknown) => (isRecord(failure) ? failure['property'] : undefined)),
  );
  return fields === '' ? 'It does not accept the request' : `It does not accept the fields ${fields}`;
}

/** At most ten of the strings that look like names, for a message. */
function names(values: unknown): string {
  if (!Array.isArray(values)) return '';
  return values
    .filter((value) => typeof value === 'string' && NAME.test(value))
    .slice(0, 10)
    .join(', ');
}

function readEnvelope(body: unknown): Envelope {
  if (!isRecord(body)) return { code: null, details: {} };
  const { code, details } = body;
  return {
    code: typeof code === 'string' && VENDOR_CODE.test(code) ? code : null,
    details: isRecord(details) ? details : {},
  };
}

/** As HTTP has it; else LedgerBee's own header with the second at which the window ends. */
function readWait(headers: Headers): number | null {
  const reset = headers.get('x-rate-limit-reset')?.trim() ?? '';
  if ((headers.get('retry-after') ?? '') !== '' || !/^\d+$/.test(reset)) return readRetryAfter(headers);
  return boundedWait(Number(reset) * 1000 - Date.now());
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
