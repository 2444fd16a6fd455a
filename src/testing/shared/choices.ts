/** Questions that a vendor's documentation leaves open, each with the answers it may have; the first is the contract's. */
export type ChoiceLists<Values extends object> = {
  readonly [Name in keyof Values]: readonly [Values[Name], ...Values[Name][]];
};

export class Choices<Values extends object> {
  readonly #lists: ChoiceLists<Values>;
  readonly #changed: (summary: string) => void;
  #values: Values;

  constructor(lists: ChoiceLists<Values>, changed: (summary: string) => void) {
    this.#lists = lists;
    this.#changed = changed;
    this.#values = contractValues(lists);
  }

  get current(): Values {
    return this.#values;
  }

  /** @throws {RangeError} for an unknown name or a value it cannot take. */
  set<Name extends keyof Values & string>(name: Name, value: Values[Name]): void {
    if (!Object.hasOwn(this.#lists, name)) throw new RangeError(`unknown assumption: ${name}`);
    const allowed: readonly unknown[] = this.#lists[name];
    if (!allowed.includes(value)) throw new RangeError(`${name} must be one of ${allowed.join(', ')}`);
    this.#values = { ...this.#values, [name]: value };
    this.#changed(`${name} = ${String(value)}`);
  }

  reset(): void {
    this.#values = contractValues(this.#lists);
    this.#changed('as in the contract');
  }
}

function contractValues<Values extends object>(lists: ChoiceLists<Values>): Values {
  const entries = Object.entries<readonly unknown[]>(lists).map(([name, values]) => [name, values[0]]);
  return Object.fromEntries(entries) as Values;
}
