/** Things that a sandbox does badly, or a buyer does by itself, by name: each is off, on, or on for the next n times it matters. */

/** `true` until switched off; `{ times }` for the next so many occasions. */
export type SwitchValue = boolean | { readonly times: number };

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

  /** @throws {RangeError} for a name that is not in the list, or `times` that is no positive whole number. */
  set(name: Name, to: SwitchValue): void {
    if (!this.#names.includes(name)) throw new RangeError(`unknown switch: ${name}`);
    const left = typeof to === 'boolean' ? (to ? Infinity : 0) : to.times;
    if (left !== Infinity && (!Number.isSafeInteger(left) || left < 0 || (left === 0 && to !== false))) {
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

  /** Whether it is on; uses nothing up. */
  isOn(name: Name): boolean {
    return (this.#left.get(name) ?? 0) > 0;
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
