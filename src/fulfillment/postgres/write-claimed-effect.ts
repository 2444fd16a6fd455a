import type { SqlClient } from '../ports.js';
import type { EffectClaim } from './claim-effects.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** What becomes of a claimed effect. Each is written only while the claim holds. */
export type ClaimOutcome =
  /** About to work outside our transaction. Only for an effect that is still wanted. */
  | { readonly to: 'begun' }
  | { readonly to: 'done'; readonly atMs: number; readonly onlyIfWanted: boolean }
  /** `nothingHappened`: it is as if it had not begun. */
  | {
      readonly to: 'retry';
      readonly atMs: number;
      readonly error: string;
      readonly nothingHappened: boolean;
    }
  | { readonly to: 'dead'; readonly error: string; readonly nothingHappened: boolean }
  /** It began and nobody can say how it ended: it waits for a person. */
  | { readonly to: 'unknown'; readonly error: string }
  /** Given back untouched: it was not run. */
  | { readonly to: 'released'; readonly atMs: number };

/** @returns `false` when the claim holds no more: whatever this worker did must not be written. */
export async function writeClaimedEffect(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: EffectClaim,
  outcome: ClaimOutcome,
): Promise<boolean> {
  const { set, when, values } = changeOf(t, outcome);
  const { rowCount } = await sql.query(
    `UPDATE ${t.effects} SET ${set}
      WHERE order_ref = $1 AND kind = $2 AND epoch = $3 AND lease_token = $4 AND state = 'due' ${when}`,
    [claim.orderRef, claim.kind, claim.epoch, claim.token, ...values],
  );
  return rowCount === 1;
}

const UNLEASED = 'lease_token = NULL, lease_until = NULL';

/** What stands for an error's text that may name a buyer who was erased. */
const NOT_KEPT = 'not kept: the order was erased';

/** The text, unless what the effect is about belonged to its order when that was erased. */
function errorText(t: Tables, parameter: string): string {
  return `CASE WHEN EXISTS (
            SELECT 1 FROM ${t.orders} AS o JOIN ${t.subjects} AS s ON s.vendor = o.vendor
             WHERE o.ref = $1 AND s.subject = evidence ->> 'subscriptionId' AND s.erased)
          THEN '${NOT_KEPT}' ELSE ${parameter}::text END`;
}

function changeOf(
  t: Tables,
  outcome: ClaimOutcome,
): { set: string; when: string; values: readonly unknown[] } {
  switch (outcome.to) {
    case 'begun':
      return { set: 'begun = true', when: 'AND wanted', values: [] };
    case 'done':
      return {
        set: `state = 'done', done_at = $5, last_error = NULL, ${UNLEASED}`,
        when: outcome.onlyIfWanted ? 'AND wanted' : '',
        values: [toTime(outcome.atMs)],
      };
    case 'retry':
      return {
        set: `run_at = $5, last_error = ${errorText(t, '$6')}, begun = begun AND NOT $7, ${UNLEASED}`,
        when: '',
        values: [toTime(outcome.atMs), outcome.error, outcome.nothingHappened],
      };
    case 'dead':
      return {
        set: `state = 'dead', last_error = ${errorText(t, '$5')}, begun = begun AND NOT $6, ${UNLEASED}`,
        when: '',
        values: [outcome.error, outcome.nothingHappened],
      };
    case 'unknown':
      return {
        set: `state = 'unknown', last_error = ${errorText(t, '$5')}, ${UNLEASED}`,
        when: '',
        values: [outcome.error],
      };
    case 'released':
      return { set: `run_at = $5, tries = tries - 1, ${UNLEASED}`, when: '', values: [toTime(outcome.atMs)] };
  }
}
