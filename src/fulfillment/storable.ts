import type { Observation } from './ports.js';

/** PostgreSQL's text holds no NUL, and its jsonb no half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Whether a reading can be kept as it is. Vendors' strings are nobody's to trust. */
export function isStorable(observation: Observation): boolean {
  return Object.values<unknown>({ ...observation })
    .flat()
    .every((value) => typeof value !== 'string' || !UNSTORABLE.test(value));
}
