/** What does an error answer of Siglume mean, and who can mend it? */
import type { JsonRecord } from '../../../protocol/index.js';
import { VendorError, type VendorErrorCode } from '../../errors.js';
import { readRetryAfter } from '../exchange.js';
import { missingRequirementsOf } from './assumed.js';
import { nameOf, type ApiCall } from './call.js';

/** Shapes of what we repeat from an answer. Anything else could be a buyer's data. */
const VENDOR_CODE = /^[A-Z][A-Z0-9_.]{0,63}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/;

/** As Siglume's SDK maps them, compared in upper case: the checkout is not open to this merchant, or not there at all. */
const NOT_OPEN_409 = new Set(['HOSTED_CHECKOUT_NOT_ENABLED', 'FEATURE_DISABLED']);
const NOT_OPEN_404 = new Set(['HTTP_404', 'NOT_FOUND', 'ROUTE_NOT_FOUND', 'FEATURE_DISABLED']);

/** Since 0.5.0 the account must be ready, where before it was switched on by hand. */
const NOT_READY = 'HOSTED_CHECKOUT_READINESS_REQUIRED';

/** The merchant's own account stands in the way, and what it takes to clear it. */
const ACCOUNT_TROUBLE: ReadonlyMap<string, string> = new Map([
  ['EXTERNAL_402_MERCHANT_BILLING_SETUP_REQUIRED', 'The billing mandate is missing: set it up with Siglume'],
  ['EXTERNAL_402_MERCHANT_BILLING_PAST_DUE', "The plan's fee is past due: settle it with Siglume"],
  ['EXTERNAL_402_MERCHANT_BILLING_SUSPENDED', 'The account is suspended: ask Siglume'],
  [
    'METERED_SETTLEMENT_PAST_DUE',
    'Earlier small payments are unsettled: no new ones are taken until they are',
  ],
]);

/** The documented error, as far as it can be read. */
interface Failure {
  /** In upper case. */
  readonly code: string | null;
  readonly error: JsonRecord;
}

/** `error.code`, else a `code` beside it. */
export function readFailure(body: unknown): Failure {
  if (!isRecord(body)) return { code: null, error: {} };
  const error = isRecord(body['error']) ? body['error'] : body;
  const code = [error['code'], body['code']].find(
    (value) => typeof value === 'string' && value.trim() !== '',
  );
  const upper = typeof code === 'string' ? code.trim().toUpperCase() : '';
  return { code: VENDOR_CODE.test(upper) ? upper : null, error };
}

/** @param body `undefined` where it is no JSON. */
export function errorOfAnswer(response: Response, body: unknown, call: ApiCall): VendorError {
  const { status } = response;
  const failure = readFailure(body);
  const [code, problem] = explain(status, failure, call);
  return new VendorError(
    code,
    `${nameOf(call)}: Siglume answered ${status}${failure.code === null ? '' : ` ${failure.code}`}. ${problem}`,
    { status, vendorCode: failure.code, retryAfterMs: readRetryAfter(response.headers) },
  );
}

function explain(status: number, failure: Failure, call: ApiCall): [VendorErrorCode, string] {
  if (status >= 300 && status < 400) {
    return ['rejected', "Redirects are not followed: set `apiBaseUrl` to Siglume's own address"];
  }
  const closed = call.opensCheckout === true ? explainClosed(status, failure) : null;
  if (closed !== null) return ['checkout-unavailable', closed];
  switch (status) {
    case 401:
      return [
        'unauthorized',
        `The token in \`${call.token}\` is wrong or expired: use a Siglume user's own token`,
      ];
    case 403:
      return [
        'forbidden',
        `The token in \`${call.token}\` may not do this: it must be the user's who set the merchant up, and no portal key`,
      ];
    case 404:
      return [
        'rejected',
        failure.code === 'EXTERNAL_402_MERCHANT_NOT_FOUND'
          ? 'Siglume has no such merchant: check `merchant`'
          : 'Nothing is there: check that `apiBaseUrl` ends in /v1 and is the one Siglume gave',
      ];
    case 408:
      return ['timeout', 'It gave up waiting'];
    case 429:
      return ['rate-limited', 'The rate limit is used up'];
    default:
      if (status >= 500) return ['unavailable', 'The trouble is on its side'];
      return ['rejected', explainRejected(failure)];
  }
}

/** Why no checkout can be had until the merchant acts; `null` when the trouble is another. */
function explainClosed(status: number, { code, error }: Failure): string | null {
  const name = code ?? `HTTP_${status}`;
  if (status === 409 && name === NOT_READY) {
    const missing = names(missingRequirementsOf(error));
    return `The account is not ready for hosted checkout${missing === '' ? '' : `; missing are ${missing}`}: see the readiness check`;
  }
  if (status === 409 && NOT_OPEN_409.has(name)) return 'Hosted checkout is not enabled for this merchant';
  if (status === 404 && NOT_OPEN_404.has(name)) {
    return 'Hosted checkout is not to be had there: it is not enabled for this merchant, or `apiBaseUrl` is mistyped';
  }
  return ACCOUNT_TROUBLE.get(name) ?? null;
}

/** Names the field that failed. Its content, and the vendor's sentence about it, stay out. */
function explainRejected({ error }: Failure): string {
  const details = isRecord(error['details']) ? error['details'] : {};
  const field = names([details['field']]);
  return field === '' ? 'It does not accept the request' : `It does not accept the field ${field}`;
}

/** At most ten of the strings that look like names, for a message. */
function names(values: unknown): string {
  if (!Array.isArray(values)) return '';
  return values
    .filter((value) => typeof value === 'string' && NAME.test(value))
    .slice(0, 10)
    .join(', ');
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
