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
