/** Scenarios that wait for an order's checkout to be open. */
import type { Switching, VendorSwitches } from './switches.js';

export class Later {
  readonly #waiting = new Map<string, readonly Switching[]>();

  keep(orderRef: string, scenarios: readonly Switching[]): void {
    this.#waiting.set(orderRef, scenarios);
  }

  /** Once. */
  begin(orderRef: string, switches: VendorSwitches): void {
    for (const scenario of this.#waiting.get(orderRef) ?? []) switches.set(scenario);
    this.#waiting.delete(orderRef);
  }

  forget(): void {
    this.#waiting.clear();
  }
}
