/** What does an error answer of Ledyer mean, and who can mend it? Its own sentences are not repeated: they may hold a buyer's data. */
import { VendorError, type VendorErrorCode } from '../../errors.js';
import { readRetryAfter } from '../exchange.js';

/** @param name The call as it may stand in a log. */
export function errorOfAnswer({ status, headers }: Response, name: string): VendorError {
  const [code, problem] = explain(status);
  return new VendorError(code, `${name}: Ledyer answered ${status}. ${problem}`, {
    status,
    retryAfterMs: readRetryAfter(headers),
  });
}

/** An answer of 2xx that is not what was documented. Never taken for "nothing there". */
export function unreadable(name: string, status: number, problem: string): VendorError {
  return new VendorError('unreadable-answer', `${name}: Ledyer's answer is not as documented: ${problem}`, {
    status,
  });
}

function explain(status: number): [VendorErrorCode, string] {
  if (status >= 300 && status < 400) {
    return ['rejected', 'Redirects are not followed: check `authBaseUrl` and `apiBaseUrl`'];
  }
  switch (status) {
    case 401:
      return [
        'unauthorized',
        '`clientId` and `clientSecret` are wrong, revoked, or of the other `environment`: make new ones in the merchant portal under Settings, API credentials',
      ];
    case 403:
      return ['forbidden', 'The credentials may not do this: the order may be another merchant’s'];
    case 404:
      return ['rejected', 'Nothing is there: check the order and the `environment`'];
    case 408:
      return ['timeout', 'It gave up waiting'];
    case 409:
      return ['rejected', 'The order does not allow this now'];
    case 422:
      return [
        'rejected',
        'It does not accept the amounts or the lines, or the idempotency key was used otherwise',
      ];
    case 429:
      return ['rate-limited', 'Its rate limit is used up'];
    default:
      return status >= 500
        ? ['unavailable', 'The trouble is on its side']
        : ['rejected', 'It does not accept the request'];
  }
}
