/** The kit's own effect: a linked vendor is told that its order exists here. */
import { callVendor } from './call-vendor.js';
import type { KitContext } from './context.js';
import { idempotentEffect } from './effects.js';
import type { Effect, EffectKind } from './ports.js';

/** Of class `idempotent`: telling it twice is telling it once. */
export function acknowledgeEffect(context: () => KitContext): Effect {
  return idempotentEffect(async ({ order, evidence, signal }) => {
    const adapter = context().vendors.get(order.vendor);
    const subject = evidence.subscriptionId;
    if (adapter?.flow !== 'linked' || subject === undefined)
      throw new Error('nobody to tell about the order');
    await callVendor(context(), adapter.name, 'acknowledge', (calling) =>
      adapter.acknowledge(subject, order.ref, AbortSignal.any([signal, calling])),
    );
  });
}

/** Effects that may run now: while the vendor asks us to wait, nothing is told it. */
export function runnableKinds({ effects, vendors, pauses }: KitContext): readonly EffectKind[] {
  const linked = [...vendors.values()].filter(({ flow }) => flow === 'linked').map(({ name }) => name);
  const canTell = pauses.allowed(linked).length > 0;
  return (Object.keys(effects) as EffectKind[]).filter((kind) => kind !== 'acknowledge' || canTell);
}
