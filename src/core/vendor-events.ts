/** Decoding of the six `ledgerbee:embed:*` events: unknown detail in, a typed event or a named refusal out. */
import { DecodeError, readRecord, readString, type JsonRecord } from '../protocol/decode.js';

/** What follows `ledgerbee:embed:` in the event's type. */
export const VENDOR_EVENT_NAMES = [
  'pageLoaded',
  'checkoutInitiated',
  'customCtaClicked',
  'checkoutConfirmed',
  'checkoutError',
  'checkoutClosed',
] as const;
export type VendorEventName = (typeof VENDOR_EVENT_NAMES)[number];

/** Which item of which plan an event speaks of. */
export interface PlanPick {
  readonly planVersionId: string;
  readonly planItemId: string;
}

/**
 * A decoded event, without its frame. An unknown `reason` of an error is kept: it is treated as the more
 * careful of the two that are documented. An unknown `status` of a confirmation is refused.
 */
export type VendorEvent = VendorWord & {
  /** A message of the frame itself came with it. Hygiene, and no proof: a script may have waited for one. */
  readonly verified?: boolean;
};

type VendorWord =
  | { readonly name: 'pageLoaded' }
  | ({
      readonly name: 'checkoutInitiated';
      readonly vanity: string | null;
      readonly deferred: boolean;
    } & PlanPick)
  | ({
      readonly name: 'customCtaClicked';
      readonly vanity: string | null;
      readonly ctaLink: string | null;
    } & PlanPick)
  | ({ readonly name: 'checkoutConfirmed'; readonly status: 'CONFIRMED' | 'PENDING_VERIFICATION' } & PlanPick)
  | ({ readonly name: 'checkoutError'; readonly reason: string } & PlanPick)
  | ({ readonly name: 'checkoutClosed' } & PlanPick);

/** The shape is right, and says something that nobody here knows: a newer vendor. */
export class UnknownWordError extends DecodeError {}

/** @throws {DecodeError} naming the field that is missing or wrong. */
export function decodeVendorEvent(name: VendorEventName, detail: unknown): VendorEvent {
  if (name === 'pageLoaded') return { name };
  const record = readRecord(detail, 'detail');
  const pick = {
    planVersionId: readString(record, 'planVersionId'),
    planItemId: readString(record, 'planItemId'),
  };
  switch (name) {
    case 'checkoutInitiated':
      return { name, ...pick, vanity: nullable(record, 'vanity'), deferred: record['deferred'] === true };
    case 'customCtaClicked':
      return {
        name,
        ...pick,
        vanity: nullable(record, 'vanity'),
        ctaLink: nullable(record, 'ctaLink', 2048),
      };
    case 'checkoutConfirmed': {
      const status = record['status'];
      if (status !== 'CONFIRMED' && status !== 'PENDING_VERIFICATION') {
        const Refusal = typeof status === 'string' ? UnknownWordError : DecodeError;
        throw new Refusal('status', 'CONFIRMED or PENDING_VERIFICATION');
      }
      return { name, ...pick, status };
    }
    case 'checkoutError':
      return { name, ...pick, reason: readString(record, 'reason', 64) };
    case 'checkoutClosed':
      return { name, ...pick };
  }
}

function nullable(record: JsonRecord, field: string, maxLength?: number): string | null {
  const value = record[field];
  return value === null || value === undefined ? null : readString(record, field, maxLength);
}
