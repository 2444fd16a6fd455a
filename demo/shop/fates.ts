/** Ends of an order that no trap of the vendor leads to, because they are the merchant's own doing. The QA console sets them. */
import type { LedgerBeeSandbox } from 'checkout-embed/testing';

/**
 * `grant-fails`: the shop's own effect throws, so the order stays under way. `other-plan`: the order is for
 * another plan than the one that was bought. `cancelled`: sales cancel the subscription before it was granted.
 */
export const FATES = ['grant-fails', 'other-plan', 'cancelled'] as const;
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
  cancelIn(sandbox: LedgerBeeSandbox): () => void {
    return sandbox.onActivity(({ kind }) => {
      if (kind !== 'subscription') return;
      const doomed = sandbox.subscriptions
        .list()
        .filter(({ partnerReferenceId: ref }) => ref !== null && this.of(ref) === 'cancelled');
      for (const { id, partnerReferenceId } of doomed) {
        if (partnerReferenceId !== null) this.#fates.set(partnerReferenceId, 'grant-fails');
        // After the checkout has answered: nobody cancels what is not there yet.
        setTimeout(() => sandbox.subscriptions.churn(id), 0);
      }
    });
  }
}
