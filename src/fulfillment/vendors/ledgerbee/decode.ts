/** What does a verified delivery mean? Only that something happened to a subscription: its state is read from the API. */
import { DecodeError, readRecord, type JsonRecord } from '../../../protocol/index.js';
import type { DecodedDelivery, VerifiedDelivery } from '../../ports.js';
import { readTopic } from '../topic.js';
import { TEST_TOPIC } from './assumed.js';
import { readId, readReference, readText } from './fields.js';
import { isSubscriptionTopic } from './topics.js';

/** A vendor's own short word. Anything else in its place could be about a buyer, and is not kept. */
const ERROR_TYPE = /^[A-Za-z0-9_.-]{1,64}$/;

/** Strict: what is no UTF-8 throws. Made once, because making one costs more than using it. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Stands in for the topic of a delivery that does not get as far as naming one. */
const NO_TOPIC = 'unreadable';

/** Never throws: what is genuine and not understood is `unreadable`, without repeating any of its content. */
export function decodeDelivery({ messageId, rawBody }: VerifiedDelivery): DecodedDelivery {
  let topic = NO_TOPIC;
  try {
    const envelope = readRecord(parse(rawBody), 'body');
    const type = readText(envelope, 'type');
    topic = readTopic(type);
    if (topic === TEST_TOPIC) return { kind: 'ignored', topic, why: 'a test delivery' };
    if (!isSubscriptionTopic(topic)) return { kind: 'ignored', topic, why: 'a topic of no concern' };
    const data = readRecord(envelope['data'], 'data');
    const subject = readId(data, 'subscriptionId');
    const reference = readReference(data);
    return {
      kind: 'subject',
      topic,
      subject,
      reference,
      facts: [{ kind: 'announced', subject, topic, messageId, ...readErrorType(data) }],
    };
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'unreadable', topic, why: error.message };
    throw error;
  }
}

/** On `subscription.error`. The list of its values is not documented, so none is refused. */
function readErrorType({ errorType }: JsonRecord): { readonly errorType?: string } {
  return typeof errorType === 'string' && ERROR_TYPE.test(errorType) ? { errorType } : {};
}

function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(rawBody));
  } catch {
    throw new DecodeError('body', 'JSON in UTF-8');
  }
}
