import { PROTOCOL_VERSION, type BindTokenAnswer } from '../protocol/index.js';
import { callVendor } from './call-vendor.js';
import type { KitContext } from './context.js';
import { hashIdentity } from './identity.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { noteUnbound } from './postgres/note-unbound.js';
import { touchAttempt } from './postgres/touch-attempt.js';
import type { Identity, MintedToken } from './ports.js';

/** The attempt was opened by another login than the one that asks now. */
export class ForeignAttemptError extends Error {
  override readonly name = 'ForeignAttemptError';
}

/**
 * A fresh bind token for the attempt's buyer. Never the same twice, and kept nowhere. Without one the checkout
 * goes on anonymously and its subscription will carry no reference; why is noted with the attempt.
 * @throws {ForeignAttemptError}
 */
export async function mintBindToken(
  context: KitContext,
  attempt: AttemptRow,
  identity: Identity | null,
): Promise<BindTokenAnswer> {
  const adapter = context.vendors.get(attempt.vendor);
  if (adapter?.flow !== 'frame') throw new Error('an attempt of a vendor without frames, or not configured');
  const nowMs = context.clock();
  const { reconcileDelaysMs, reconcileEveryMs } = context.schedule;
  // Before the token is made: once the buyer may have it, the vendor will be asked, whatever happens to us.
  const isOurs = await touchAttempt(context.database, context.tables, {
    id: attempt.id,
    identity: identity === null ? null : hashIdentity(identity),
    nowMs,
    nextReconcileAtMs: nowMs + (reconcileDelaysMs[0] ?? reconcileEveryMs),
  });
  if (!isOurs) throw new ForeignAttemptError('the attempt was opened by another login');

  const minted = await mint(context, adapter.mintBindToken.bind(adapter), attempt, identity);
  const unbound = minted.bindToken === null ? minted.unbound : null;
  await noteUnbound(context.database, context.tables, attempt.id, unbound);
  if (minted.bindToken !== null) {
    const { bindToken, expiresAt } = minted;
    return { v: PROTOCOL_VERSION, bindToken, ...(expiresAt === null ? {} : { expiresAt }) };
  }
  context.log({
    level: minted.unbound === 'anonymous' ? 'debug' : 'warn',
    event: 'attempt.unbound',
    message: 'The checkout goes on without the order reference: its subscription will come unreferenced',
    fields: { attemptId: attempt.id, vendor: attempt.vendor, reason: minted.unbound },
  });
  return { v: PROTOCOL_VERSION, bindToken: null, unbound: minted.unbound };
}

async function mint(
  context: KitContext,
  call: (
    identity: Identity | null,
    reference: string,
    signal: AbortSignal,
    log: KitContext['log'],
  ) => Promise<MintedToken>,
  attempt: AttemptRow,
  identity: Identity | null,
): Promise<MintedToken> {
  try {
    return await callVendor(
      context,
      attempt.vendor,
      'mint_bind_token',
      (signal) => call(identity, attempt.orderRef, signal, context.log),
      ({ bindToken }) => (bindToken === null ? 'unbound' : 'ok'),
    );
  } catch (error) {
    // The port promises not to throw; an adapter that does must not cost the buyer the checkout.
    context.log({
      level: 'error',
      event: 'attempt.mint-failed',
      message: 'The vendor adapter failed to make a bind token',
      fields: { vendor: attempt.vendor, error: error instanceof Error ? error.name : 'unknown' },
    });
    return { bindToken: null, unbound: 'mint_unavailable' };
  }
}
