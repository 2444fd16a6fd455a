/** What does a verified delivery mean? Only that something happened to a subscription: its state is read from the API. */
import { DecodeError, readRecord } from '../../../protocol/index.js';
import type { DecodedDelivery, VerifiedDelivery } from '../../ports.js';
import { TEST_TOPIC } from './assumed.js';
import { readId, readReference, readText } from './fields.js';

/**
 * The thirteen documented topics. All of them announce the subscription and cause it to be read, also those
 * that change no access: each is one more chance to notice a change whose own delivery was lost.
 */
const SUBSCRIPTION_TOPICS: ReadonlySet<string> = new Set([
  // May start only later, so it grants nothing by itself.
  'subscription.assigned',
  'subscription.started',
  'subscription.updated',
  // A plan may have been replaced.
  'subscription.transitioned',
  'subscription.paused',
  'subscription.resumed',
  'subscription.trial_ended',
  // Active until the date.
  'subscription.cancellation_scheduled',
  'subscription.cancellation_cleared',
  'subscription.churned',
  'subscription.billed',
  // Ends `awaiting_payment`.
  'subscription.payment_succeeded',
  // A billing problem and no change of state; whether access goes on is what the status says.
  'subscription.error',
]);

/** Strict: what is no UTF-8 throws. Made once, because making one costs more than using it. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Stands in for the topic of a delivery that does not get as far as naming one. */
const NO_TOPIC = 'unreadable';

/** Never throws: what is genuine and not understood is `unreadable`, without repeating any of its content. */
export function decodeDelivery({ messageId, rawBody }: VerifiedDelivery): DecodedDelivery {
  let topic = NO_TOPIC;
  try {
    const envelope = readRecord(parse(rawBody), 'body');
    topic = readText(envelope, 'type');
    if (topic === TEST_TOPIC) return { kind: 'ignored', topic, why: 'a test delivery' };
    if (!SUBSCRIPTION_TOPICS.has(topic)) return { kind: 'ignored', topic, why: 'a topic of no concern' };
    const data = readRecord(envelope['data'], 'data');
    const subject = readId(data, 'subscriptionId');
    const reference = readReference(data);
    return {
      kind: 'subject',
      topic,
      subject,
      reference,
      facts: [{ kind: 'announced', subject, topic, messageId }],
    };
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'unreadable', topic, why: error.message };
    throw error;
  }
}

function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(rawBody));
  } catch {
    throw new DecodeError('body', 'JSON in UTF-8');
  }
}
