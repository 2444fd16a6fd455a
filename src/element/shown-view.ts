/** What the buyer sees of an attempt: where it is, unless the page prevented that view. */
import { awaitsPage, INITIAL_SNAPSHOT, type Snapshot } from '../core/attempt-states.js';

export class ShownView {
  #shown = INITIAL_SNAPSHOT;
  #prevented = false;

  get snapshot(): Snapshot {
    return this.#shown;
  }

  /** The page prevented the view of the state that was just reached. */
  prevent(): void {
    this.#prevented = true;
  }

  /** Another state is reached, or the view that was kept lost its frame. */
  release(): void {
    this.#prevented = false;
  }

  /** A prevented view stays as it was; but a frame that may be working is never kept covered. */
  follow(snapshot: Snapshot): Snapshot {
    if (!this.#prevented) this.#shown = snapshot;
    else if (snapshot.silent) this.#shown = { ...this.#shown, silent: true };
    // Nothing had been seen, and no frame comes: a skeleton would wait for ever.
    else if (snapshot.returned && awaitsPage(this.#shown.state)) this.#shown = { ...snapshot, state: 'idle' };
    return this.#shown;
  }
}
