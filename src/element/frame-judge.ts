/** Judges what is seen of a frame that is silent. */
import { diagnose, type Diagnosis } from '../core/diagnosis.js';
import type { FrameMount } from './frame-mount.js';

export class FrameJudge {
  readonly #mount: FrameMount;
  readonly #onProof: (diagnosis: Diagnosis) => void;
  #judging = false;
  #ended = false;

  /** @param onProof The browser named the cause of the silence, for sure. */
  constructor(mount: FrameMount, onProof: (diagnosis: Diagnosis) => void) {
    this.#mount = mount;
    this.#onProof = onProof;
    mount.onNews = () => this.#judge();
    // The frame may have been on its way before anybody could judge.
    if (mount.watch !== null) this.#judge();
  }

  /** What can be said so far of the silence. */
  diagnose(): Diagnosis | null {
    const { watch } = this.#mount;
    return watch && diagnose(watch.evidence());
  }

  noticeOpaqueOrigin(): void {
    const { watch } = this.#mount;
    if (watch !== null) watch.opaqueMessage = true;
    this.#judge();
  }

  end(): void {
    this.#ended = true;
  }

  /** After the task, so that everything the browser tells of one cause is weighed together. */
  #judge(): void {
    if (this.#judging) return;
    this.#judging = true;
    setTimeout(() => {
      this.#judging = false;
      const diagnosis = this.#ended ? null : this.diagnose();
      if (diagnosis?.confidence === 'proven') this.#onProof(diagnosis);
    });
  }
}
