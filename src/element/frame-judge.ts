/** Judges what is seen of a frame that is silent. */
import { diagnose, diagnoseBackend, effectOnFrame, type Diagnosis } from '../core/diagnosis.js';
import { sayOnce } from './developer-log.js';
import type { FrameMount } from './frame-mount.js';
import { FrameSight } from './frame-sight.js';

export class FrameJudge {
  /** Why `handoff-url` cannot be asked, of whichever load; `null` while nothing says so. Silences no frame. */
  trouble: Diagnosis | null = null;
  readonly #mount: FrameMount;
  readonly #onProof: (diagnosis: Diagnosis) => void;
  #sight: FrameSight | null = null;
  #judging = false;
  #ended = false;

  /** @param onProof The browser named the cause of the silence, for sure; or the frame cannot be heard, and may be working. */
  constructor(mount: FrameMount, onProof: (diagnosis: Diagnosis) => void) {
    this.#mount = mount;
    this.#onProof = onProof;
    mount.onNews = () => {
      this.#current()?.noteNews();
      this.#judge();
    };
    mount.onScriptFailed = () => void this.look().then(() => this.#judge());
    // The frame may have been on its way before anybody could judge.
    if (mount.watch !== null) this.#judge();
    mount.onLoad = () => void this.#current();
    if (mount.watch?.script?.fate === 'failed') mount.onScriptFailed();
  }

  /** What can be said so far of the silence. */
  diagnose(): Diagnosis | null {
    const sight = this.#current();
    return sight && diagnose(sight.evidence());
  }

  /** Asks the portal what cannot be seen from here. Never in the happy path. */
  async look(): Promise<void> {
    await this.#current()?.look();
  }

  /** What the portal answered is forgotten: the next look asks it again. */
  lookAnew(): void {
    this.#sight?.forget();
  }

  /** The frame spoke: it works. */
  noticeWord(): void {
    const sight = this.#current();
    if (sight === null) return;
    sight.watch.heard = true;
    sight.note(false);
  }

  noticeOpaqueOrigin(): void {
    const { watch } = this.#mount;
    if (watch !== null) watch.opaque = true;
    this.#judge();
  }

  end(): void {
    this.#ended = true;
  }

  #current(): FrameSight | null {
    const { watch } = this.#mount;
    if (watch === null) return null;
    if (this.#sight?.watch !== watch) {
      this.#sight = new FrameSight(watch, this.#mount.startedAtMs);
      // What was said of the portal by then may be said of this frame.
      const judge = (): void => {
        if (watch.reports.length > 0) this.#judge();
      };
      this.#mount.frame.addEventListener('load', judge, watch.rested);
    }
    return this.#sight;
  }

  /** After the task, so that everything the browser tells of one cause is weighed together. */
  #judge(): void {
    if (this.#judging) return;
    this.#judging = true;
    setTimeout(() => {
      this.#judging = false;
      const sight = this.#ended ? null : this.#current();
      if (sight === null) return;
      const evidence = sight.evidence();
      const backend = diagnoseBackend(evidence);
      if (backend !== null) {
        this.trouble = backend;
        sayOnce('error', backend.code, ...backend.evidence, backend.fix.text, backend.fix.copy);
      }
      if (sight.watch.heard) return;
      const diagnosis = diagnose(evidence);
      const { code, confidence } = diagnosis;
      if (confidence === 'proven' && code === 'origin-not-allowlisted') sight.note(true);
      const unheard = effectOnFrame(diagnosis) === 'unheard' && confidence === 'likely' && !sight.looking;
      if (confidence === 'proven' || unheard) this.#onProof(diagnosis);
      // A line that is gone for a moment takes the script along. Until it comes, the frame is the buyer's.
      const { watch } = sight;
      if (watch.script?.fate !== 'failed' || !code.startsWith('embed-') || watch.lost) return;
      watch.lost = true;
      this.#mount.loadScript();
    });
  }
}
