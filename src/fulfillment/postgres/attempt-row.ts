import type { Vendor } from '../../protocol/index.js';

/** An attempt as the kit's steps see it. */
export interface AttemptRow {
  readonly id: string;
  readonly vendor: Vendor;
  readonly orderRef: string;
  readonly identity: Buffer | null;
  readonly active: boolean;
  readonly planId: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
}

export interface AttemptColumns {
  readonly id: string;
  readonly vendor: Vendor;
  readonly order_ref: string;
  readonly identity: Buffer | null;
  readonly active: boolean;
  readonly plan_id: string | null;
  readonly amount_minor: number | null;
  readonly currency: string | null;
}

/** `float8` holds every safe integer, and arrives as a number whatever the host taught its driver about bigint. */
export const ATTEMPT_COLUMNS =
  'a.id, a.vendor, a.order_ref, a.identity, a.active, a.plan_id, a.amount_minor::float8, a.currency';

export function toAttempt(row: AttemptColumns): AttemptRow {
  return {
    id: row.id,
    vendor: row.vendor,
    orderRef: row.order_ref,
    identity: row.identity,
    active: row.active,
    planId: row.plan_id,
    amountMinor: row.amount_minor,
    currency: row.currency,
  };
}
