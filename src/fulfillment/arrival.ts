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
  const tooLong = namesIn(meaning).some((name) => name.length > MAX_NAME_LENGTH);
  return {
    vendor: adapter.name,
    messageId: storableId(verified.messageId),
    rawBody: verified.rawBody,
    meaning: tooLong ? { kind: 'unreadable', topic: '', why: 'a name in it is too long' } : meaning,
  };
}

function namesIn(meaning: DecodedDelivery): readonly string[] {
  switch (meaning.kind) {
    case 'subject':
      return [meaning.topic, meaning.subject, meaning.reference ?? ''];
    case 'payment':
      return [meaning.topic, meaning.subject, meaning.attemptKey, meaning.payment.receiptId ?? ''];
    case 'batch':
      return [meaning.topic, meaning.batchId];
    case 'ignored':
    case 'unreadable':
      return [meaning.topic];
  }
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
  const row = { vendor, source: 'delivery', messageId, topic: meaning.topic, rawBody } as const;
  switch (meaning.kind) {
    case 'subject':
      return { ...row, subject: meaning.subject, orderRef: meaning.reference, outcome: 'applied', why: null };
    case 'payment':
      // Whose it is, the attempt's key says; until then it is one that waits.
      return { ...row, subject: meaning.subject, orderRef: null, outcome: 'applied', why: null };
    case 'batch':
      return { ...row, subject: null, orderRef: null, outcome: 'ignored', why: 'the statements are read' };
    case 'ignored':
    case 'unreadable':
      return { ...row, subject: null, orderRef: null, outcome: meaning.kind, why: meaning.why };
  }
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
