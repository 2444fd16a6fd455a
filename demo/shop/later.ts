/** Scenarios that wait for an order's checkout, so that no other visitor's has them. */
import type { Switching, VendorSwitches } from './switches.js';

export class Later {
  readonly #waiting = new Map<string, readonly Switching[]>();

  keep(orderRef: string, scenarios: readonly Switching[]): void {
    this.#waiting.set(orderRef, scenarios);
  }

  /** Once. @returns what has begun. */
  begin(orderRef: string, switches: VendorSwitches): readonly Switching[] {
    const begun = this.#waiting.get(orderRef) ?? [];
    for (const scenario of begun) switches.set(scenario);
    this.#waiting.delete(orderRef);
    return begun;
  }

  forget(): void {
    this.#waiting.clear();
  }
}
