/** A linked vendor was asked and gave nothing to go by: what follows? Pure. */
import type { Observation, VendorAdapter } from './ports.js';

/** `not-found`: it does not know the subject. `undetermined`: it answered with a word that must change nothing. */
export type Doubt = 'not-found' | 'undetermined';

/**
 * How often a vendor may say that it does not know a subject of which it told us itself, before a person
 * looks: its API may be behind its own webhooks for a while. About half a minute.
 */
const TRIES = 6;
/** A quarter of an hour: a linked vendor's API was seen a minute behind its notifications. */
const TRIES_AFTER_TRIGGER = 11;

export function triesBeforeDoubt(flow: VendorAdapter['flow'], isTriggered: boolean): number {
  return flow === 'linked' && isTriggered ? TRIES_AFTER_TRIGGER : TRIES;
}

/**
 * - `nothing`: a checkout that was opened and never finished. Its end at the vendor is no matter for a person.
 * - `fact`: the order waits for a person, who may take the vendor's word for a grant.
 * - `review`: something was granted or has ended. Neither is undone by a word nobody can read: a person is asked,
 *   and the rest stays as it is.
 */
export function weighDoubt(
  doubt: Doubt,
  latest: Observation | null,
  isTriggered: boolean,
): 'fact' | 'review' | 'nothing' {
  switch (latest?.access) {
    case 'granted':
    case 'ended':
      return 'review';
    case undefined:
    case 'awaiting':
    case 'paused':
    case 'unknown':
      return doubt === 'not-found' && !isTriggered ? 'nothing' : 'fact';
  }
}
