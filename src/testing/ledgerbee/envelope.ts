/** The vendor's one shape of an error (contract §8.1), and the failure that carries it. */
export interface ErrorEnvelope {
  readonly statusCode: number;
  readonly timestamp: string;
  /** Relative to `/api`. */
  readonly path: string;
  /** For logs only. */
  readonly message: string;
  /** Stable; not always there. */
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface FieldError {
  /** Dotted path with array indices, e.g. `lines.0.quantity`. */
  readonly property: string;
  /** Rule name to text. */
  readonly constraints: Readonly<Record<string, string>>;
}

/** A refusal by the vendor's API. Thrown by a handler, answered as an envelope. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly statusCode: number;
  readonly code: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    statusCode: number,
    code: string | null,
    message: string,
    details: Readonly<Record<string, unknown>> | null = null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export function envelopeOf(failure: ApiFailure, path: string, timestamp: string): ErrorEnvelope {
  return {
    statusCode: failure.statusCode,
    timestamp,
    path: path.replace(/^\/api(?=\/|$)/, ''),
    message: failure.message,
    ...(failure.code === null ? {} : { code: failure.code }),
    ...(failure.details === null ? {} : { details: failure.details }),
  };
}

export function validationFailure(errors: readonly FieldError[]): ApiFailure {
  return new ApiFailure(400, 'SHARED_VALIDATION_FAILED', 'Bad Request Exception', {
    validationErrors: errors,
  });
}

/**
 * The checkout session's refusals (contract §5.3). 400 and 410 share one code; that `reason` sits in
 * `details` is ASSUMED (U21), and so is the forged id's reason (U22).
 */
export const sessionFailure = {
  mismatch: () =>
    new ApiFailure(400, 'PORTAL_CHECKOUT_SESSION_INVALID', 'Checkout session is not valid', {
      reason: 'TENANT_OR_ITEM_MISMATCH',
    }),
  gone: () =>
    new ApiFailure(410, 'PORTAL_CHECKOUT_SESSION_INVALID', 'Checkout session is not valid', {
      reason: 'EXPIRED_OR_NOT_FOUND',
    }),
  inProgress: () =>
    new ApiFailure(409, 'PORTAL_CHECKOUT_IN_PROGRESS', 'The first submit is still being processed'),
  /** Status and code ASSUMED (U22). */
  selfSignupOff: () => new ApiFailure(403, 'PORTAL_SELF_SIGNUP_DISABLED', 'Self-signup is switched off'),
  /** Status and code ASSUMED (U22). */
  termsStale: () => new ApiFailure(409, 'PORTAL_CHECKOUT_TERMS_STALE', 'The accepted terms are not current'),
  /** Status and code ASSUMED (U22). */
  startDate: () =>
    new ApiFailure(400, 'PORTAL_CHECKOUT_START_DATE_INVALID', 'The start date cannot be chosen'),
  /** The "transient 5xx at mint"; status and the lack of a code ASSUMED. */
  unavailable: () => new ApiFailure(503, null, 'Service Unavailable'),
} as const;
