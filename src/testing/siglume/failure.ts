/** The vendor's one shape of an error, and the failure that carries it. */
import { json, type Reply } from '../ledgerbee/http.js';
import type { AssumptionValues } from './assumptions.js';
import { newId } from './ids.js';

/** A refusal by the vendor's API. Thrown by a handler, answered as an envelope. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  /** Members beside `code` and `message`. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string | null,
    message: string,
    more: {
      readonly details?: Readonly<Record<string, unknown>>;
      readonly extra?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details ?? null;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** The field and nothing of its content. Status and code ASSUMED (U7). */
export function invalidField(field: string, message: string): ApiFailure {
  return new ApiFailure(422, 'VALIDATION_ERROR', `${field} ${message}`, { details: { field } });
}

/** A success in its envelope. */
export function data(value: unknown, status = 200): Reply {
  return json({ data: value, error: null, meta: meta() }, status);
}

export function failureReply(failure: ApiFailure, shape: AssumptionValues['errorEnvelope']): Reply {
  // A route that is not there at all answers with no code.
  if (failure.code === null) return json({}, failure.status, failure.headers);
  const error = {
    code: failure.code,
    message: failure.message,
    ...(failure.details === null ? {} : { details: failure.details }),
    ...failure.extra,
  };
  const body = shape === 'full' ? { data: null, error, meta: meta() } : { error };
  return json(body, failure.status, failure.headers);
}

function meta(): Readonly<Record<string, string>> {
  return { request_id: newId('req'), trace_id: newId('trace') };
}
