/** Has the money of a settlement batch come, can it still come, or is it given up? Pure. */

/** `gone`: given up for good; `stuck`: automatic tries ran out, and only Siglume's operators go on. */
export type BatchStanding = 'settled' | 'open' | 'stuck' | 'uncollectible' | 'written_off' | 'unknown';

/**
 * From the vendor's two columns `status` and `execution_status`, and the terminal detail. A word that is not
 * listed settles nothing.
 */
const STANDING_BY_STATE: ReadonlyMap<string, BatchStanding> = new Map([
  ['notice_pending', 'open'],
  ['notice_delivery_failed', 'open'],
  ['ready', 'open'],
  ['scheduled', 'open'],
  ['submitted', 'open'],
  ['submitted_reconcile_required', 'open'],
  ['failed', 'open'],
  ['failed_retryable', 'open'],
  ['retrying', 'open'],
  ['past_due', 'stuck'],
  ['settled', 'settled'],
  ['uncollectible', 'uncollectible'],
  ['written_off', 'written_off'],
]);

export interface BatchState {
  readonly status: string;
  readonly terminalStatus: string | null;
  readonly chainReceiptId: string | null;
}

/** Settled only with a receipt: the status alone is no money. What was given up is given up, whatever else is said. */
export function standingOfBatch({ status, terminalStatus, chainReceiptId }: BatchState): BatchStanding {
  const terminal = terminalStatus === null ? undefined : STANDING_BY_STATE.get(terminalStatus);
  if (terminal === 'uncollectible' || terminal === 'written_off') return terminal;
  const standing = STANDING_BY_STATE.get(status) ?? 'unknown';
  return standing === 'settled' && chainReceiptId === null ? 'open' : standing;
}
