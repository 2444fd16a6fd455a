/** Things that can be switched on by name: until switched off, or for the next n times they matter. */

/** `true` until switched off; `{ times }` for the next so many occasions. */
export type FaultSwitch = boolean | { readonly times: number };

export interface SwitchState<Name extends string> {
  readonly name: Name;
  readonly on: boolean;
  /** Occasions left, or `null` without a limit. */
  readonly remaining: number | null;
}

export class Switches<Name extends string> {
  readonly #names: readonly Name[];
  readonly #left = new Map<Name, number>();
  readonly #changed: (summary: string) => void;

  constructor(names: readonly Name[], changed: (summary: string) => void) {
    this.#names = names;
    this.#changed = changed;
  }

  /** @throws {RangeError} for a name that is not one of them, or `times` that is no positive whole number. */
  set(name: Name, to: FaultSwitch): void {
    if (!this.#names.includes(name)) throw new RangeError(`unknown fault: ${name}`);
    const left = typeof to === 'boolean' ? (to ? Infinity : 0) : to.times;
    if (typeof to !== 'boolean' && (!Number.isSafeInteger(left) || left < 1)) {
      throw new RangeError('times must be a positive whole number');
    }
    if (left === 0) this.#left.delete(name);
    else this.#left.set(name, left);
    this.#changed(left === 0 ? `${name} off` : `${name} on${left === Infinity ? '' : `, ${left}×`}`);
  }

  list(): readonly SwitchState<Name>[] {
    return this.#names.map((name) => {
      const left = this.#left.get(name) ?? 0;
      return { name, on: left > 0, remaining: left > 0 && Number.isFinite(left) ? left : null };
    });
  }

  reset(): void {
    this.#left.clear();
    this.#changed('all off');
  }

  /** Whether it is on for this occasion, which is then used up. */
  take(name: Name): boolean {
    const left = this.#left.get(name) ?? 0;
    if (left === 0) return false;
    if (left === 1) this.#left.delete(name);
    else this.#left.set(name, left - 1);
    this.#changed(`${name} happens${left === Infinity ? '' : `, ${left - 1}× left`}`);
    return true;
  }

  /** The first of `names` that is on for this occasion, which is then used up. */
  takeOneOf<Some extends Name>(names: readonly Some[]): Some | null {
    return names.find((name) => this.take(name)) ?? null;
  }
}
