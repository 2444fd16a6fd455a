/** Errors of the kit. Each has a stable `code` from a closed list; code branches on the code, people read the message. */

export type SignatureErrorCode = 'missing-header' | 'malformed-header' | 'outside-replay-window' | 'no-match';

/** A delivery that is not the vendor's, or not of now. Answered 401; nothing is stored. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly code: SignatureErrorCode;
  constructor(code: SignatureErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type TriggerErrorCode = 'malformed' | 'other-merchant';

/** An unsigned delivery that names nothing to look up, or is for another merchant. Answered 400; nothing is stored. */
export class TriggerError extends Error {
  override readonly name = 'TriggerError';
  readonly code: TriggerErrorCode;
  /** @param message Repeats nothing of the body. */
  constructor(code: TriggerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type VendorErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'rejected'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'unreadable-answer'
  /** The vendor's hosted checkout is not open to this merchant. Nothing was begun; only the merchant can mend it. */
  | 'checkout-unavailable';

/** A call to a vendor's API that gave no answer we can use. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly code: VendorErrorCode;
  /** HTTP status, or `null` where no answer came. */
  readonly status: number | null;
  /** The vendor's own stable code, if it gave one. */
  readonly vendorCode: string | null;
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    code: VendorErrorCode,
    message: string,
    details: {
      readonly status?: number | null;
      readonly vendorCode?: string | null;
      readonly retryAfterMs?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.vendorCode = details.vendorCode ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

export type ConfigurationErrorCode =
  | 'invalid-option'
  | 'parsed-body'
  | 'schema-too-new'
  | 'database-unreachable';

/** The host set something up in a way that cannot work. The message names the setting and the fix. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code: ConfigurationErrorCode;
  constructor(code: ConfigurationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
