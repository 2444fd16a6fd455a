/** A refusal by the vendor's API. Thrown by a rule, answered in the one shape of its errors. */
import { json, type Reply } from '../ledgerbee/http.js';
import type { LedyerAssumptionValues } from './assumptions.js';

/** 400 invalid, 401 token, 403 another merchant's, 404 unknown, 409 not available now, 422 amounts or lines. ASSUMED (15) */
export type FailureStatus = 400 | 401 | 403 | 404 | 409 | 422 | 429 | 503;

export class LedyerFailure extends Error {
  override readonly name = 'LedyerFailure';
  readonly status: FailureStatus;
  /** Where in the body the trouble is. */
  readonly path: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: FailureStatus,
    message: string,
    path: string | null = null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.path = path;
    this.headers = headers;
  }
}

export function answerOf(failure: LedyerFailure, shape: LedyerAssumptionValues['errorShape']): Reply {
  const { status, message, path, headers } = failure;
  switch (shape) {
    case 'errors':
      return json({ errors: [{ message, ...(path === null ? {} : { path }) }] }, status, headers);
    case 'message':
      return json({ message }, status, headers);
    case 'text':
      return { status, headers: { 'content-type': 'text/plain', ...headers }, body: message };
  }
}
