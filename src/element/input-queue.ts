/** Takes inputs one after the other, also those that taking one causes. */
export class InputQueue<Input extends object> {
  readonly #take: (input: Input) => void;
  /** Inputs, or steps that end in one: what they replace must still be there for the inputs before them. */
  readonly #waiting: (Input | (() => Input))[] = [];
  #busy = false;

  constructor(take: (input: Input) => void) {
    this.#take = take;
  }

  add(input: Input | (() => Input)): void {
    this.#waiting.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#take(typeof next === 'function' ? next() : next);
      }
    } finally {
      this.#busy = false;
    }
  }
}
