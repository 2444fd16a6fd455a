/** Every time and bound of the kit in one place, with its unit and why it is what it is. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Schedule {
  /** When the vendor is asked about an attempt without an answer, each counted from the last bind token. */
  readonly reconcileDelaysMs: readonly number[];
  /** After the last of those delays. */
  readonly reconcileEveryMs: number;
  /** How long after the last bind token an attempt is asked about at all; then it is `expired`. */
  readonly reconcileForMs: number;
  /**
   * How often a subject that has not ended is read again although nothing was heard of it: the webhook of its end may
   * have been lost. Each time a tenth more or less, so that what was sold in one hour is not read in one hour.
   */
  readonly recheckEveryMs: number;
  /** How old an order is when that becomes seldom. In its first 14 days a buyer may withdraw. */
  readonly recheckOftenForMs: number;
  /** How often from then on. */
  readonly recheckSeldomEveryMs: number;
  /** When the vendor is asked after a signal of the page, each counted from the one before. */
  readonly signalDelaysMs: readonly number[];
  /** How long after a signal "the vendor has nothing" is believed: a confirmation may still be on its way there. */
  readonly settleMs: number;
  /** How long a reference that nobody here issued may wait for its attempt. */
  readonly parkMs: number;
  /** Linked vendors: ids in unsigned deliveries that nobody linked yet; a further one is answered 503. */
  readonly parkedLimit: number;
  /**
   * From when on an id that its vendor does not know gives its place to a further one: guessed ids must not keep out a
   * real one for longer than its vendor goes on sending it.
   */
  readonly parkedDoubtAfterMs: number;
  /** How long after such a delivery the merchant's own `linkOrder` is waited for before its order is looked up. */
  readonly fallbackAfterMs: number;
  /** Shortest pause between two readings that unsigned deliveries about one order ask for: anybody can send them. */
  readonly triggerPauseMs: number;
  /**
   * How long after the vendor says that a checkout was paid its webhook is waited for, before a person is asked. It is
   * asked again at each of these.
   */
  readonly paidDelaysMs: readonly number[];
  /** How often the statements are read while a payment that was only accepted is not settled. */
  readonly settlementEveryMs: number;
  /** How long an attempt's token is good. */
  readonly tokenLifetimeMs: number;
  /** How often this process looks whether work is due. Its own commits are followed up at once. */
  readonly sweepIntervalMs: number;
  /** How often open status streams are compared with the database. */
  readonly statusIntervalMs: number;
  /** A claim on a row, in seconds. An effect or a vendor's call that takes longer is aborted. */
  readonly leaseSeconds: number;
  /** Tries of one effect before it goes to review. */
  readonly effectMaxTries: number;
  /** First pause after a failure; doubled by each further one. */
  readonly retryBaseMs: number;
  /** Longest pause after a failure. */
  readonly retryMaxMs: number;
  /** Subjects, or attempts, about which a vendor is asked at a time. */
  readonly concurrency: number;
  /** Effects run at a time. One of class `transaction` holds a connection of the host's pool. */
  readonly effectConcurrency: number;
  /** Deliveries in one transaction. */
  readonly batchSize: number;
  /** Deliveries that may wait in this process; over it the answer is 503. */
  readonly queueSize: number;
  /** How long a delivery may wait for its commit before the answer is 503. LedgerBee itself waits 15 s (assumed). */
  readonly deliveryTimeoutMs: number;
  /** Status streams of one attempt in this process; over it the answer is 429, and its page polls. */
  readonly streamsPerAttempt: number;
  /** Status streams in this process; over it the answer is 503, and further pages poll. */
  readonly streamsPerProcess: number;
}

export const DEFAULT_SCHEDULE: Schedule = {
  reconcileDelaysMs: [2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 22 * HOUR, 30 * HOUR],
  reconcileEveryMs: DAY,
  reconcileForMs: 14 * DAY,
  recheckEveryMs: DAY,
  recheckOftenForMs: 14 * DAY,
  recheckSeldomEveryMs: 7 * DAY,
  signalDelaysMs: [0, 3 * SECOND, 15 * SECOND],
  settleMs: 2 * SECOND,
  parkMs: HOUR,
  parkedLimit: 1000,
  parkedDoubtAfterMs: 30 * MINUTE,
  fallbackAfterMs: MINUTE,
  triggerPauseMs: SECOND,
  paidDelaysMs: [2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  settlementEveryMs: 6 * HOUR,
  tokenLifetimeMs: DAY,
  sweepIntervalMs: SECOND,
  statusIntervalMs: SECOND,
  leaseSeconds: 30,
  effectMaxTries: 20,
  retryBaseMs: SECOND,
  retryMaxMs: HOUR,
  concurrency: 8,
  effectConcurrency: 4,
  batchSize: 128,
  queueSize: 2048,
  deliveryTimeoutMs: 10 * SECOND,
  streamsPerAttempt: 8,
  streamsPerProcess: 5000,
};
