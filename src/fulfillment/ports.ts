/**
 * The kit's edges as types: the database, the clock, the log, a vendor, and the merchant's own functions.
 * The middle of the kit knows these alone; adapters implement them.
 */
import type { OrderStatus, StartAttemptRequest, UnboundReason, Vendor } from '../protocol/index.js';
import type { Fact } from './order-facts.js';
import type { ClaimedMoney } from './vendor-port.js';

export type * from './vendor-port.js';

// ── Database ────────────────────────────────────────────────────────────────────────────────────────────

/** The part of `pg`'s client that the kit uses. */
export interface SqlClient {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[]; readonly rowCount: number | null }>;
}

/** The part of `pg`'s pool that the kit uses. The host owns it: the kit never ends it. */
export interface SqlPool {
  connect(): Promise<SqlClient & { release(error?: Error | boolean): void }>;
  query: SqlClient['query'];
}

// ── Time and log ────────────────────────────────────────────────────────────────────────────────────────

/** Milliseconds since the epoch. Passed in, so that a test owns the time. */
export type Clock = () => number;

/** One structured line. Holds no secret, no raw payload and nothing about a buyer. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Stable dotted name, e.g. `receive.refused`. */
  readonly event: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}
export type Log = (entry: LogEntry) => void;

// ── The merchant's functions ────────────────────────────────────────────────────────────────────────────

/** Data to create a LedgerBee customer from, where the merchant has none yet. Existing matches are reused as they are. */
export interface NewCustomer {
  readonly customerType: string;
  readonly customerNumber: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  readonly vatZone: 'domestic' | 'eu' | 'abroad' | 'domestic_without_vat';
  readonly customerGroupId: string;
}

/** Who the buyer is, by the merchant's own login. */
export type Identity =
  | { readonly email: string; readonly customerId: string }
  | { readonly email: string; readonly customer: NewCustomer };

/** `null` for a buyer who is not logged in: the checkout is then anonymous. */
export type Identify = (request: Request) => Promise<Identity | null> | Identity | null;

/** What is being sold, from the merchant's own data. */
export interface ResolvedOrder {
  /** The merchant's order id; goes out as the vendor's reference. 1 to 255 characters. */
  readonly orderRef: string;
  /** The vendor's plan id. When set, a subscription to another plan goes to review. */
  readonly planId?: string;
  readonly amountMinor?: number;
  /** ISO 4217. */
  readonly currency?: string;
}

/** `null` refuses the start with `order_not_resolved`. */
export type ResolveOrder = (
  request: Request,
  body: StartAttemptRequest,
) => Promise<ResolvedOrder | null> | ResolvedOrder | null;

/**
 * Who is calling, for rate limits: any string that is the same for one client, or `null` for a caller who is not to be
 * limited. Must not read the request's body.
 */
export type ClientKey = (request: Request) => Promise<string | null> | string | null;

// ── Effects ─────────────────────────────────────────────────────────────────────────────────────────────

/** `acknowledge` is the kit's own: it tells a linked vendor that its order exists here. */
export type EffectKind = 'fulfill' | 'revoke' | 'acknowledge';

/** What an effect is told. No field comes from a browser. */
export interface EffectInput {
  readonly order: {
    readonly ref: string;
    readonly vendor: Vendor;
    readonly status: OrderStatus;
  };
  /** What the vendor's API said when the effect was decided. */
  readonly evidence: EffectEvidence;
  /** The same for every repetition of this effect: `order:kind:epoch`. */
  readonly key: string;
}

export interface EffectEvidence {
  readonly subscriptionId?: string;
  /** Siglume: the requirement that was paid. */
  readonly paymentId?: string;
  /** Siglume: the receipt on the chain. Missing where the payment was only accepted: its money comes later, or never. */
  readonly receiptId?: string;
  readonly customerId?: string;
  readonly planId?: string;
  readonly vendorStatus?: string;
}

/**
 * How often an effect may run.
 * - `transaction`: the merchant's SQL in the kit's own transaction: exactly once.
 * - `idempotent`: repeated with the same key until it returns: once, if the receiver honors the key.
 * - `once-or-review`: never repeated by itself: at most once, and a person decides where its end is unknown.
 */
export type Effect =
  | {
      readonly class: 'transaction';
      readonly run: (input: EffectInput & { readonly tx: SqlClient }) => Promise<void>;
    }
  | {
      readonly class: 'idempotent';
      readonly run: (input: EffectInput & { readonly signal: AbortSignal }) => Promise<void>;
    }
  | {
      readonly class: 'once-or-review';
      readonly run: (input: EffectInput & { readonly signal: AbortSignal }) => Promise<void>;
    };

// ── A vendor ────────────────────────────────────────────────────────────────────────────────────────────

/** A delivery whose signature and time hold. */
export interface VerifiedDelivery {
  /** The id that stays the same when the vendor sends the delivery again. */
  readonly messageId: string;
  readonly rawBody: Uint8Array;
}

/** What a verified delivery means. Deciding what to do about it is not the vendor's. */
export type DecodedDelivery =
  /** Something about this subject changed: record the facts, then ask the vendor. `reference` is the order's, if the delivery names one. */
  | {
      readonly kind: 'subject';
      readonly topic: string;
      readonly subject: string;
      readonly reference: string | null;
      readonly facts: readonly Fact[];
    }
  /** A payment was made: the delivery itself is the proof, and nothing is asked. */
  | {
      readonly kind: 'payment';
      readonly topic: string;
      /** Which payment. Two messages about one name the same. */
      readonly subject: string;
      /** Which attempt it was made through, by the key that the attempt was given. Siglume: the challenge hash. */
      readonly attemptKey: string;
      readonly payment: Payment;
    }
  /** Payments that were only accepted have settled in a batch: time to read the statements. */
  | { readonly kind: 'batch'; readonly topic: string; readonly batchId: string }
  /** Genuine and of no concern: a test delivery, an unknown topic. Stored with the reason. */
  | { readonly kind: 'ignored'; readonly topic: string; readonly why: string }
  /** Genuine and not understood: a person must look. */
  | { readonly kind: 'unreadable'; readonly topic: string; readonly why: string };

/** What a delivery proves of a payment. */
export interface Payment {
  /** `settled`: the money is there. `accepted`: it comes later, in a batch, or never. */
  readonly finality: 'settled' | 'accepted';
  /** `null` where it was only accepted. */
  readonly receiptId: string | null;
  /** What it says of its money, to be compared with the attempt's own terms. */
  readonly claimed: ClaimedMoney;
}

/** What the vendor's API says of one subject now. */
export interface Observation {
  /** LedgerBee: the subscription's chain id. */
  readonly subject: string;
  readonly reference: string | null;
  /** `granted`: the buyer is entitled. `awaiting`: not yet. `ended`: no longer. `unknown`: a status we were never told of. */
  readonly access: 'granted' | 'awaiting' | 'paused' | 'ended' | 'unknown';
  /** The vendor's own word. */
  readonly vendorStatus: string;
  readonly planId: string | null;
  readonly customerId: string | null;
  /** Other names of the subject, learned by the reading: Ledyer's order of a session. */
  readonly aliases?: readonly string[];
  /** What the order comes to, in minor units; compared with what was expected. */
  readonly amountMinor?: number;
  /** ISO 4217. */
  readonly currency?: string;
  /** Of it, captured and refunded so far, in minor units. */
  readonly capturedMinor?: number;
  readonly refundedMinor?: number;
  /** The vendor would take a capture now. */
  readonly isCapturable?: boolean;
  /** The vendor waits to be told that the order exists here. */
  readonly isAcknowledgeable?: boolean;
}

/** Result of asking for a bind token. */
export type MintedToken =
  | { readonly bindToken: string; readonly expiresAt: string | null }
  | { readonly bindToken: null; readonly unbound: UnboundReason };

/** What a vendor reads of a delivery's headers. A `Headers` is one; values of a repeated header are joined by `, `. */
export type DeliveryHeaders = Pick<Headers, 'get'>;
