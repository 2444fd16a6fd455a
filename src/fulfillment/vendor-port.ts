/**
 * A vendor as the kit knows it: one object per vendor, of one of three kinds. They differ in how a checkout begins and
 * in what a delivery proves; everything else in the kit is the same for all.
 */
import type { Vendor } from '../protocol/index.js';
import type { VendorError } from './errors.js';
import type {
  DecodedDelivery,
  DeliveryHeaders,
  Identity,
  Log,
  MintedToken,
  Observation,
  VerifiedDelivery,
} from './ports.js';

export type VendorAdapter = FrameVendor | LinkedVendor | RedirectVendor;

/** Those whose deliveries are genuine because they are signed. */
export type SignedVendor = FrameVendor | RedirectVendor;

interface VendorBase {
  readonly name: Vendor;
  /** The answer that stops the vendor's retries. */
  readonly acceptedStatus: 200 | 204;
}

interface SignedDeliveries {
  /**
   * Checks signature and time over the raw bytes; touches no store.
   * @throws {SignatureError}
   */
  verify(rawBody: Uint8Array, headers: DeliveryHeaders, nowMs: number): VerifiedDelivery;
  /** Never throws: what is not understood is `unreadable`. */
  decode(delivery: VerifiedDelivery): DecodedDelivery;
}

/**
 * The buyer pays in a frame on the merchant's page; a signed delivery announces a subject, which the API then tells
 * about. LedgerBee. Every call takes a signal; time-outs are the adapter's.
 */
export interface FrameVendor extends VendorBase, SignedDeliveries {
  readonly flow: 'frame';
  /**
   * `null`: the vendor does not know this subject.
   * @throws {VendorError}
   */
  fetchSubject(subject: string, signal: AbortSignal, log?: Log): Promise<Observation | null>;
  /**
   * Everything the vendor holds under one order reference; empty when it was asked and has nothing.
   * @throws {VendorError}
   */
  listByReference(reference: string, signal: AbortSignal, log?: Log): Promise<readonly Observation[]>;
  /** Never throws for the vendor's sake: a checkout without a token is still a checkout. */
  mintBindToken(
    identity: Identity | null,
    reference: string,
    signal: AbortSignal,
    log: Log,
  ): Promise<MintedToken>;
}

/**
 * The merchant opens the checkout itself and links the vendor's ids to its order; an unsigned delivery is a trigger
 * that proves nothing, and the API tells the rest. Ledyer. Every call takes a signal; time-outs are the adapter's.
 */
export interface LinkedVendor extends VendorBase {
  readonly flow: 'linked';
  /**
   * Which subject a delivery names.
   * @throws {TriggerError} not the vendor's form, or not for this merchant: nothing is stored.
   */
  readTrigger(rawBody: Uint8Array): Trigger;
  /**
   * Which subject the merchant's ids name.
   * @throws {ConfigurationError} `invalid-option` for an id that is none of the vendor's.
   */
  readLink(ids: LinkedIds): Pick<Trigger, 'subject' | 'alias'>;
  /** The other way round: which of the vendor's ids these names are. */
  idsOf(names: readonly string[]): LinkedIds;
  /**
   * `null`: the vendor does not know this subject (yet). {@link Undetermined}: it answered, and nothing may follow.
   * @throws {VendorError}
   */
  fetchSubject(subject: string, signal: AbortSignal, log?: Log): Promise<Observation | Undetermined | null>;
  /**
   * Tells the vendor that its order exists here. Safe to repeat.
   * @throws {VendorError}
   */
  acknowledge(subject: string, orderRef: string, signal: AbortSignal): Promise<void>;
  /**
   * The API may still show the state from before a trigger: the subject is read again after each of these, in
   * milliseconds, counted from the trigger.
   */
  readonly settleDelaysMs: readonly number[];
  readonly orderManagement: OrderManagement;
}

/** A person's calls on the vendor's order. Each may be made again when its answer was lost: done twice is done once. */
export interface OrderManagement {
  /**
   * Captures all that is left, or whole lines by the vendor's ids. Only what the vendor says it would take now.
   * @throws {VendorError}
   */
  capture(subject: string, options: CaptureOptions, signal: AbortSignal): Promise<OperationAnswer>;
  /**
   * Refunds one capture as a whole.
   * @throws {VendorError}
   */
  refund(subject: string, options: RefundOptions, signal: AbortSignal): Promise<OperationAnswer>;
  /**
   * Cancels what is not captured.
   * @throws {VendorError}
   */
  cancel(subject: string, signal: AbortSignal): Promise<OperationAnswer>;
}

export interface CaptureOptions {
  /** Ledyer: `ol_…`. Default: all that is left. */
  readonly lineIds?: readonly string[];
}

export interface RefundOptions {
  /** Ledyer: `in_…` of the capture. Default: the only one there is. */
  readonly captureId?: string;
}

export interface OperationAnswer {
  /**
   * `already`: it was done before. `not-available`: the vendor would refuse it now; see `availableActions`.
   * `which-capture`: there are several, and none was named; see `captureIds`.
   */
  readonly outcome: 'done' | 'already' | 'not-available' | 'which-capture';
  /** What may be done now to the part that is not captured, in the vendor's words. */
  readonly availableActions: readonly string[];
  readonly captureIds: readonly string[];
  /** In minor units, after it; `null` where the vendor has no order. */
  readonly capturedMinor: number | null;
  readonly refundedMinor: number | null;
}

/** The vendor's names for one purchase, as the merchant got them when it opened the checkout. At least one. */
export interface LinkedIds {
  readonly orderId?: string;
  readonly sessionId?: string;
}

/** An unsigned delivery: it names a subject to look up and proves nothing. */
export interface Trigger {
  /** For the log alone. */
  readonly topic: string;
  /** What is to be read; safe in the path of a URL. */
  readonly subject: string;
  /** The other id it names, such as the session beside the order. */
  readonly alias: string | null;
  /** What only this delivery brings and the merchant needs to make the order; never logged. */
  readonly secret: string | null;
}

/** The vendor answered with a word that must change nothing. */
export interface Undetermined {
  readonly undetermined: string;
}

/** The buyer is sent to the vendor's own page and comes back; a signed delivery is itself the proof. Siglume. */
export interface RedirectVendor extends VendorBase, SignedDeliveries {
  readonly flow: 'redirect';
  readonly redirect: RedirectCheckout;
  readonly statements: SettlementStatements;
}

/** A checkout the buyer is sent to, and comes back from. */
export interface RedirectCheckout {
  /** Asked before anything is written. `metered`: it would settle late or never, and that was not allowed. */
  accepts(price: Price): 'yes' | 'metered' | 'no';
  /** The same for one attempt for ever; stored before the first call. */
  nonce(orderRef: string, attemptId: string): string;
  /** The key that the attempt's deliveries will carry, where it can be told before the call. */
  expectKey(price: Price, nonce: string): string | null;
  /**
   * Where the buyer is sent back to.
   * @param page As the browser told it: believed only where it lies on an origin of the merchant's.
   * @returns `null` where there is no address the buyer may be sent back to.
   */
  returnUrlFor(page: string): string | null;
  /**
   * The checkout of this nonce: a new one, or the one that was made before. Tried once.
   * @throws {VendorError}
   */
  open(request: RedirectRequest, signal: AbortSignal): Promise<OpenedRedirect>;
  /**
   * How a checkout stands. Fulfills nothing: it is not signed.
   * @throws {VendorError}
   */
  read(sessionId: string, nowMs: number, signal: AbortSignal): Promise<RedirectStanding>;
  /** What a failed `open` means: `keep` the attempt and repeat, or `ask` how the checkout under its nonce stands. */
  fateOf(error: VendorError): 'keep' | 'ask';
  /** Every way in which a payment is about other money than the attempt; empty when it fits. */
  compare(claimed: ClaimedMoney, price: Price): readonly MoneyMismatch[];
  /** Whether an order may be fulfilled upon a payment that is not settled yet. */
  readonly takesUnsettled: boolean;
  /** A checkout that was lost before it was stored is over this long after the first call, in milliseconds. */
  readonly lifetimeMs: number;
}

export type RedirectStanding = 'live' | 'paid' | 'dead' | 'lost' | 'unclear';

export interface Price {
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface RedirectRequest extends Price {
  readonly orderRef: string;
  readonly attemptId: string;
  readonly nonce: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** All of it is stored before the buyer is sent to `url`. */
export interface OpenedRedirect {
  readonly sessionId: string;
  readonly url: string;
  readonly attemptKey: string;
  readonly expiresAtMs: number | null;
}

/** The vendor's statements about payments that were accepted and settle in batches. */
export interface SettlementStatements {
  /**
   * Every such payment, in no order.
   * @throws {VendorError}
   */
  listUsages(signal: AbortSignal): AsyncIterable<SettlementUsage>;
  /**
   * How the money of a batch stands. `null`: the vendor does not know the batch.
   * @throws {VendorError}
   */
  readBatch(batchId: string, signal: AbortSignal): Promise<SettlementStanding | null>;
}

export interface SettlementUsage {
  /** Which payment; `null` where the statement does not say. */
  readonly subject: string | null;
  /** `null` while it waits for its batch. */
  readonly batchId: string | null;
  /** Its amounts agree with each other, to the last digit. */
  readonly addsUp: boolean;
}

/** `open`: the money may still come. `stuck`: nobody tries any more but by hand. The last two: given up for good. */
export type SettlementStanding = 'settled' | 'open' | 'stuck' | 'unknown' | 'uncollectible' | 'written_off';

/** What a payment says that is not the attempt's. `environment`: play money. */
export type MoneyMismatch = 'merchant' | 'amount' | 'currency' | 'environment';

/** What an event or a reading says of its money. `null`: it does not say. */
export interface ClaimedMoney {
  readonly merchant: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** Said, and in a form that equals nothing. */
  readonly malformed: readonly ('merchant' | 'amount' | 'currency')[];
  readonly sandbox: boolean;
}
