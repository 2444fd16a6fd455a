import type { OrderStatus, Vendor } from '../../protocol/index.js';
import type { Failure, Try } from '../past-failure.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import { selectFailure, selectTry } from './select-failure.js';
import type { Tables } from './tables.js';
import { msOf } from './time.js';

/** All that the answer to one attempt's page is made of. */
export interface StatusRow {
  readonly attemptId: string;
  readonly vendor: Vendor;
  readonly orderRef: string;
  readonly orderStatus: OrderStatus;
  readonly active: boolean;
  readonly lastSignalAtMs: number | null;
  readonly confirmationHeard: boolean;
  readonly askedEmptyAtMs: number | null;
  /** Some delivery or reading named a subject of this order. */
  readonly hasSubject: boolean;
  /** Both are set where the order failed. */
  readonly failure: Failure | null;
  readonly try: Omit<Try, 'flow'> | null;
}

/** The statuses of many attempts in one query, so that a process with many streams asks once per tick. */
export async function readStatuses(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  attemptIds: readonly string[],
): Promise<ReadonlyMap<string, StatusRow>> {
  if (attemptIds.length === 0) return new Map();
  const { rows } = await query<{
    id: string;
    vendor: Vendor;
    order_ref: string;
    status: OrderStatus;
    active: boolean;
    last_signal_at: number | null;
    confirmation_heard: boolean;
    asked_empty_at: number | null;
    has_subject: boolean;
    failure: Failure | null;
    try: Omit<Try, 'flow'> | null;
  }>(
    sql,
    `SELECT a.id, a.vendor, a.order_ref, o.status, a.active, a.confirmation_heard,
            ${msOf('a.last_signal_at')} AS last_signal_at, ${msOf('a.asked_empty_at')} AS asked_empty_at,
            EXISTS (SELECT 1 FROM ${t.subjects} AS s WHERE s.order_ref = a.order_ref) AS has_subject,
            ${selectFailure(t)} AS failure, ${selectTry(t)} AS try
       FROM ${t.attempts} AS a JOIN ${t.orders} AS o ON o.ref = a.order_ref
      WHERE a.id = ANY ($1)`,
    [attemptIds],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        attemptId: row.id,
        vendor: row.vendor,
        orderRef: row.order_ref,
        orderStatus: row.status,
        active: row.active,
        lastSignalAtMs: row.last_signal_at,
        confirmationHeard: row.confirmation_heard,
        askedEmptyAtMs: row.asked_empty_at,
        hasSubject: row.has_subject,
        failure: row.failure,
        try: row.try,
      },
    ]),
  );
}
