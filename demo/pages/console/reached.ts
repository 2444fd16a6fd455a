/** What the element has come to in this tab, over all the reloads that it takes. */
import type { Diagnosis } from 'checkout-embed/element';
import type { WayId } from './way.js';

const KEY = 'plumbline-reached';

export interface Arrival {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly diagnosis: Diagnosis | null;
}

export class Reached {
  #arrivals: Readonly<Record<WayId, Arrival>> = restore();

  of(id: WayId): Arrival | null {
    return this.#arrivals[id] ?? null;
  }

  /** The first arrival of this page counts: what comes again is not news. */
  note(id: WayId, diagnosis: Diagnosis | null, pageMs: number): void {
    this.#add(id, diagnosis, pageMs);
    if (diagnosis !== null) this.#add(`code:${diagnosis.code}`, diagnosis, pageMs);
  }

  forget(): void {
    this.#arrivals = {};
    this.#keep();
  }

  #add(id: WayId, diagnosis: Diagnosis | null, pageMs: number): void {
    const known = this.of(id);
    if (known !== null && known.atMs >= pageMs && (known.diagnosis !== null || diagnosis === null)) return;
    this.#arrivals = { ...this.#arrivals, [id]: { atMs: Date.now(), diagnosis } };
    this.#keep();
  }

  /** Storage may be closed to us; then the board begins anew with every page. */
  #keep(): void {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.#arrivals));
    } catch {
      // As above.
    }
  }
}

function restore(): Readonly<Record<WayId, Arrival>> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Readonly<Record<WayId, Arrival>>;
  } catch {
    return {};
  }
}
