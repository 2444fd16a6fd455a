/** How often may the merchant's work happen? One maker per class; there is no default. */
import type { Effect, EffectInput, SqlClient } from './ports.js';

/**
 * An effect whose work is SQL in the kit's own transaction: it happens exactly once, together with the mark
 * that it happened. `run` must do nothing else, because it may be rolled back and run again.
 * @param run Gets `tx`, a client inside the open transaction. It must not commit or roll back.
 */
export function transactionEffect(
  run: (input: EffectInput & { readonly tx: SqlClient }) => Promise<void>,
): Effect {
  return { class: 'transaction', run };
}

/**
 * An effect that works anywhere. It is repeated with the same `key` until it returns, so it happens once if
 * the receiver honors the key, and at least once otherwise.
 * @param run Gets `signal`, aborted shortly before another worker may take over.
 */
export function idempotentEffect(
  run: (input: EffectInput & { readonly signal: AbortSignal }) => Promise<void>,
): Effect {
  return { class: 'idempotent', run };
}

/**
 * An effect that works where a repetition cannot be told from a new order, and must not happen twice. That it
 * begins is committed first; then it is run once and never again by itself: at most once, and never silently
 * not. Where nobody can say how a run ended (an error, the time over, a worker that died) the review
 * `effect_outcome_unknown` is opened, and a person says what became of it.
 *
 * A kit that closes waits for such a run as long as its lease lasts.
 * @param run Throws {@link NothingHappenedError} where it knows that nothing was done; that alone is tried again
 *   by itself. Gets `signal`, aborted when four fifths of the lease are over; what `run` says after that is not heard.
 */
export function onceOrReviewEffect(
  run: (input: EffectInput & { readonly signal: AbortSignal }) => Promise<void>,
): Effect {
  return { class: 'once-or-review', run };
}

/**
 * Thrown by an effect of class `once-or-review`: nothing was done in this run, so it may be tried again. Throw it
 * only where that is certain, as for a connection that was never made or a refusal with a clear answer; a lost
 * answer is none. `cause` is for the reader: its text is kept beside the effect.
 */
export class NothingHappenedError extends Error {
  override readonly name = 'NothingHappenedError';
}
