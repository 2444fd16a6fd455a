/** Ends of an order that no trap of the vendor leads to, because they are the merchant's own doing. The QA console sets them. */
import type { Sandboxes } from '../sandboxes.js';

/**
 * `grant-fails`: the shop's own effect throws, so the order stays under way. `other-plan`: the order is for
 * another plan than the one that was bought. `other-amount`: the same, of money. `cancelled`: it is cancelled at the
 * vendor's before it was granted. `refused`: whoever looks at its review says no.
 */
export const FATES = ['grant-fails', 'other-plan', 'other-amount', 'cancelled', 'refused'] as const;
export type Fate = (typeof FATES)[number];

export class Fates {
  readonly #fates = new Map<string, Fate>();

  set(orderRef: string, fate: Fate): void {
    this.#fates.set(orderRef, fate);
  }

  of(orderRef: string): Fate | null {
    return this.#fates.get(orderRef) ?? null;
  }

  /** @throws {Error} while the order's grant is to fail; the kit tries again. */
  allowGrant(orderRef: string): void {
    const fate = this.of(orderRef);
    if (fate === 'grant-fails' || fate === 'cancelled')
      throw new Error('The QA console lets this grant fail.');
  }

  /** @returns how to stop cancelling. */
  cancelIn({ ledgerbee, ledyer }: Sandboxes): () => void {
    const stops = [
      ledgerbee.onActivity(({ kind }) => {
        if (kind !== 'subscription') return;
        for (const { id, partnerReferenceId } of ledgerbee.subscriptions.list()) {
          this.#doom(partnerReferenceId, () => ledgerbee.subscriptions.churn(id));
        }
      }),
      ledyer.onActivity(({ kind, summary }) => {
        if (kind !== 'order' || !summary.endsWith('.ready_for_capture')) return;
        for (const { session, orderId } of ledyer.purchases.list()) {
          if (orderId !== null) this.#doom(session.reference, () => ledyer.acts.cancel(orderId));
        }
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #doom(orderRef: string | null, cancel: () => void): void {
    if (orderRef === null || this.of(orderRef) !== 'cancelled') return;
    this.#fates.set(orderRef, 'grant-fails');
    // After the checkout has answered: nobody cancels what is not there yet.
    setTimeout(cancel, 0);
  }
}
