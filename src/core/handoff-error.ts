import type { RefusalCode } from '../protocol/index.js';

/** A browser does not say which. */
const UNREACHED = 'no line, DNS, TLS, CORS, connect-src, or a redirect (as to a login), which is refused';

/**
 * - a refusal's own code: the backend answered and said why;
 * - `network`: no answer (offline, DNS, TLS, CORS, a page's `connect-src`, a redirect: none can be told apart);
 * - `timeout`: no answer in time;
 * - `unreadable`: an answer that is not this protocol; with a `status`, something else answered in the kit's place.
 */
export type HandoffErrorCode = RefusalCode | 'network' | 'timeout' | 'unreadable';

/** Why a call to the merchant's backend gave nothing. Holds no token, no body and nothing about a buyer. */
export class HandoffError extends Error {
  override readonly name = 'HandoffError';
  readonly code: HandoffErrorCode;
  /** HTTP status, or `null` where there was no answer. */
  readonly status: number | null;
  /** The answer's `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    code: HandoffErrorCode,
    message: string,
    details: {
      readonly status?: number;
      readonly retryAfterMs?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** Whether the same request may fare better later: no answer, too many, or a server in trouble. */
export function mayPass(error: HandoffError): boolean {
  return error.status === null
    ? error.code === 'network' || error.code === 'timeout'
    : error.status === 408 || error.status === 429 || error.status >= 500;
}

/** Whether the backend itself said no, by the protocol: a page of a deploy or of a firewall in its place says nothing. */
export function isRefusal(error: unknown): error is HandoffError {
  return error instanceof HandoffError && !mayPass(error) && error.code !== 'unreadable';
}

/**
 * Runs a step of the network and names its failure.
 * @param asked What was asked: the method and the URL, which holds no token.
 */
export async function reach<T>(step: () => Promise<T>, asked = 'The backend'): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new HandoffError('network', `${asked} could not be reached: ${UNREACHED}`, { cause });
  }
}
