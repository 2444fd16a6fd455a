/** What a vendor's own short word looks like. Anything else in its place could be data, about a buyer even. */
const TOPIC = /^[A-Za-z0-9_.-]{1,64}$/;
/** Stands in for a topic of another shape. */
const ODD_TOPIC = 'odd';

/** What is repeated, in tables and logs, of a topic that we may never have been told of. */
export function readTopic(type: string): string {
  return TOPIC.test(type) ? type : ODD_TOPIC;
}
