import { createHash } from 'node:crypto';
import { PROTOCOL_VERSION, type StatusAnswer } from '../protocol/index.js';
import type { KitContext } from './context.js';
import { isPastFailure } from './past-failure.js';
import type { VendorAdapter } from './ports.js';
import { readStatuses, type StatusRow } from './postgres/read-statuses.js';
import type { Schedule } from './schedule.js';

/** What a page gets, with a tag that changes when it does. */
export interface StatusSnapshot {
  readonly orderRef: string;
  readonly answer: StatusAnswer;
  /** The answer as JSON, made once for all who get it. */
  readonly body: string;
  /** A strong entity tag, quotes included. */
  readonly etag: string;
}

export async function readSnapshot(context: KitContext, attemptId: string): Promise<StatusSnapshot | null> {
  return (await readSnapshots(context, [attemptId])).get(attemptId) ?? null;
}

export async function readSnapshots(
  context: KitContext,
  attemptIds: readonly string[],
): Promise<ReadonlyMap<string, StatusSnapshot>> {
  const rows = await readStatuses(context.database, context.tables, attemptIds);
  const { schedule, vendors, clock } = context;
  const nowMs = clock();
  return new Map(
    [...rows].map(([id, row]) => {
      const flow = vendors.get(row.vendor)?.flow;
      return [id, toSnapshot(row.orderRef, answerFor(row, { ...schedule, flow, nowMs }))];
    }),
  );
}

/** What the answer depends on beside the row. */
export interface Asking extends Pick<Schedule, 'settleMs' | 'reconcileForMs'> {
  readonly flow: VendorAdapter['flow'] | undefined;
  readonly nowMs: number;
}

/** Pure: the answer that follows from what is known. */
export function answerFor(row: StatusRow, asking: Asking): StatusAnswer {
  const status = isOpenAgain(row, asking) ? 'open' : row.orderStatus;
  return { v: PROTOCOL_VERSION, status, ...(mayRetry(row, status, asking) ? { retry: true } : {}) };
}

/** Of the try that the buyer waits for nothing is known yet: what ended was one before it. */
function isOpenAgain(row: StatusRow, asking: Asking): boolean {
  const { failure, orderStatus, active } = row;
  if (failure !== null && row.try !== null)
    return isPastFailure(failure, { ...row.try, flow: asking.flow }, asking);
  return orderStatus === 'expired' && active;
}

/**
 * Whether the buyer may try again: the vendor was asked after everything the page heard, late enough that a
 * confirmation on its way would have arrived, and has nothing. Never after a confirmation was heard: what was
 * confirmed without our reference is not to be found by it.
 */
function mayRetry(
  row: StatusRow,
  status: StatusAnswer['status'],
  { settleMs }: Pick<Schedule, 'settleMs'>,
): boolean {
  if (
    status !== 'open' ||
    row.failure !== null ||
    row.hasSubject ||
    row.confirmationHeard ||
    row.askedEmptyAtMs === null
  )
    return false;
  return row.lastSignalAtMs === null || row.askedEmptyAtMs >= row.lastSignalAtMs + settleMs;
}

function toSnapshot(orderRef: string, answer: StatusAnswer): StatusSnapshot {
  const body = JSON.stringify(answer);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { orderRef, answer, body, etag };
}
