/** A delivery on its way into the tables. Pure. */
import { createHash } from 'node:crypto';
import type { Vendor } from '../protocol/index.js';
import { inboxKey, type InboxRow } from './postgres/insert-inbox.js';
import type { ReviewInsert } from './postgres/insert-reviews.js';
import type { DecodedDelivery, SignedVendor, VerifiedDelivery } from './ports.js';

/** Longest id, subject or topic we keep; longer ones are nobody's, and would not fit an index. UTF-16 units. */
const MAX_NAME_LENGTH = 255;

/** A verified delivery, ready to be recorded. */
export interface Arrival {
  readonly vendor: Vendor;
  readonly messageId: string;
  readonly rawBody: Uint8Array;
  readonly meaning: DecodedDelivery;
}

/** Gives a verified delivery its meaning, bounded to what can be kept. */
export function toArrival(adapter: SignedVendor, verified: VerifiedDelivery): Arrival {
  const meaning = adapter.decode(verified);
  const names =
    meaning.kind === 'subject' ? [meaning.topic, meaning.subject, meaning.reference ?? ''] : [meaning.topic];
  const tooLong = names.some((name) => name.length > MAX_NAME_LENGTH);
  return {
    vendor: adapter.name,
    messageId: storableId(verified.messageId),
    rawBody: verified.rawBody,
    meaning: tooLong ? { kind: 'unreadable', topic: '', why: 'a name in it is too long' } : meaning,
  };
}

/** The same for every repetition, whatever the vendor put into its id. */
function storableId(messageId: string): string {
  if (messageId.length <= MAX_NAME_LENGTH && !messageId.includes('\0')) return messageId;
  return `sha256:${createHash('sha256').update(messageId).digest('hex')}`;
}

export function keyOf({ vendor, messageId }: Arrival): string {
  return inboxKey({ vendor, messageId, source: 'delivery' });
}

export function toInboxRow(arrival: Arrival): InboxRow {
  const { vendor, messageId, rawBody, meaning } = arrival;
  const isSubject = meaning.kind === 'subject';
  return {
    vendor,
    source: 'delivery',
    messageId,
    topic: meaning.topic,
    subject: isSubject ? meaning.subject : null,
    orderRef: isSubject ? meaning.reference : null,
    outcome: isSubject ? 'applied' : meaning.kind,
    why: isSubject ? null : meaning.why,
    rawBody,
  };
}

/** What a person must look at, if it was not understood. */
export function reviewOf({ vendor, messageId, meaning }: Arrival): ReviewInsert[] {
  if (meaning.kind !== 'unreadable') return [];
  return [
    {
      orderRef: null,
      vendor,
      key: `unreadable_delivery:${vendor}:${messageId}`,
      reason: 'unreadable_delivery' as const,
      evidence: { messageId, topic: meaning.topic, why: meaning.why },
    },
  ];
}
