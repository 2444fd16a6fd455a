/** What does a verified delivery mean for the merchant's orders? */
import { DecodeError } from '../../../protocol/index.js';
import type { VerifiedDelivery } from '../../ports.js';
import { readTopic } from '../topic.js';
import { classify, type Classification, type UnknownEvidence, type UnknownReason } from './classify.js';
import { readEvent, type SiglumeEvent } from './envelope.js';
import { isKeepable } from './fields.js';
import { readClaimedTerms, type ClaimedTerms } from './terms.js';

/** Stands in for the topic of a delivery that does not get as far as naming one. */
const NO_TOPIC = 'unreadable';

type Of<Kind extends Classification['kind']> = Omit<Extract<Classification, { kind: Kind }>, 'kind'>;

/** What is to be done about it is not decided here. Every text can be kept. */
export type SiglumeMeaning =
  /** Money has moved, for the attempt with this challenge hash; `claimed` is still to be compared with it. */
  | ({
      readonly kind: 'settled';
      readonly topic: string;
      readonly claimed: ClaimedTerms;
    } & Of<'standard_settled'>)
  /** A small payment was accepted and is not settled. */
  | ({
      readonly kind: 'metered';
      readonly topic: string;
      readonly claimed: ClaimedTerms;
    } & Of<'metered_usage_accepted'>)
  /** Time to read the statements of this batch. */
  | ({ readonly kind: 'batch'; readonly topic: string } & Of<'metered_batch_settled'>)
  /** Genuine and of no concern. */
  | { readonly kind: 'ignored'; readonly topic: string; readonly why: string }
  /** It may be about money, and proves nothing: a person must look. */
  | {
      readonly kind: 'review';
      readonly topic: string;
      readonly reason: Exclude<UnknownReason, 'not_direct_payment_confirmed'>;
      readonly evidence: UnknownEvidence;
    }
  /** Genuine and not understood: a person must look. */
  | { readonly kind: 'unreadable'; readonly topic: string; readonly why: string };

/** Never throws: what is genuine and not understood is `unreadable`, without repeating any of its content. */
export function decodeDelivery({ rawBody }: Pick<VerifiedDelivery, 'rawBody'>): SiglumeMeaning {
  let event: SiglumeEvent;
  try {
    event = readEvent(rawBody);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'unreadable', topic: NO_TOPIC, why: error.message };
  }
  const topic = readTopic(event.type);
  const classified = classify(event);
  if (!textsOf(classified).every((text) => text === null || isKeepable(text))) {
    return { kind: 'unreadable', topic, why: 'an id in data must be text of at most 255 characters' };
  }
  return meaningOf(topic, event, classified);
}

function meaningOf(topic: string, { data }: SiglumeEvent, classified: Classification): SiglumeMeaning {
  switch (classified.kind) {
    case 'readiness_probe':
      return { kind: 'ignored', topic, why: 'a readiness probe' };
    case 'standard_settled':
      return { ...classified, kind: 'settled', topic, claimed: readClaimedTerms(data) };
    case 'metered_usage_accepted':
      return { ...classified, kind: 'metered', topic, claimed: readClaimedTerms(data) };
    case 'metered_batch_settled':
      return { ...classified, kind: 'batch', topic };
    case 'unknown':
      if (classified.reason === 'not_direct_payment_confirmed') {
        return { kind: 'ignored', topic, why: 'a type of no concern' };
      }
      return { kind: 'review', topic, reason: classified.reason, evidence: classified.evidence };
  }
}

function textsOf(classified: Classification): readonly (string | null)[] {
  return Object.values<string | null>(
    classified.kind === 'unknown' ? { ...classified.evidence } : { ...classified },
  );
}
