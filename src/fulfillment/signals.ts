import type { Signal } from '../protocol/index.js';
import type { KitContext } from './context.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { insertSignal } from './postgres/insert-signal.js';
import { noteUnbound } from './postgres/note-unbound.js';
import { readUnbound } from './postgres/read-unbound.js';

/** Kept with an attempt that had a bind token and whose checkout went on anonymously all the same. */
const REFERENCE_LOST = 'reference_lost';

/** Keeps what the page heard, once. It moves nothing: it only makes the vendor be asked soon. */
export async function recordSignal(context: KitContext, attempt: AttemptRow, signal: Signal): Promise<void> {
  const { database, tables, schedule, clock } = context;
  const nowMs = clock();
  const isNew = await insertSignal(database, tables, {
    attemptId: attempt.id,
    signal,
    nowMs,
    askAtMs: nowMs + (schedule.signalDelaysMs[0] ?? 0),
  });
  if (!isNew) return;
  if (signal.kind === 'pending' && (await readUnbound(database, tables, attempt.id)) === null) {
    await noteUnbound(database, tables, attempt.id, REFERENCE_LOST);
    context.log({
      level: 'warn',
      event: 'attempt.unbound',
      message:
        'A checkout that was given a bind token went on anonymously: the token ran out (about 60 s) or was spent ' +
        'before the checkout opened. Its subscription will come unreferenced.',
      fields: { attemptId: attempt.id, vendor: attempt.vendor, reason: REFERENCE_LOST },
    });
  }
  // A status that waits on "the vendor has nothing" is withdrawn by the signal itself.
  context.announce({ orderRefs: [attempt.orderRef], due: ['reconcile'] });
}
