import { keyOf, type AttemptKey, type AttemptRequest, type Heard } from './attempt-handles.js';
import { withoutWeakest, type SignalDraft } from './signal-outbox.js';

/** Most that is held of one checkout. */
const MAX_DRAFTS = 20;

/** What was heard of one checkout, and the start that would give it an id. */
export interface Untold {
  readonly request: AttemptRequest;
  readonly drafts: readonly SignalDraft[];
  /** What is to be remembered of the attempt. */
  readonly heard: Heard | null;
}

/**
 * What was heard of checkouts of which the backend could not be told: they have no id yet. It outlives whoever heard it,
 * in this page; whoever starts the same checkout has it told.
 */
export class UntoldDrafts {
  readonly #held = new Map<string, Untold>();

  hold({ request, drafts, heard }: Untold): void {
    const key = keyOf(request);
    const before = this.#held.get(key);
    this.#held.set(key, {
      request,
      drafts: withoutWeakest([...(before?.drafts ?? []), ...drafts], MAX_DRAFTS, (draft) => draft),
      heard: before?.heard === 'confirmed' ? 'confirmed' : (heard ?? before?.heard ?? null),
    });
  }

  /** Gives what is held of a checkout, and holds it no longer. */
  release(key: AttemptKey): Untold | null {
    const held = this.#held.get(keyOf(key)) ?? null;
    this.#held.delete(keyOf(key));
    return held;
  }

  requests(): readonly AttemptRequest[] {
    return [...this.#held.values()].map(({ request }) => request);
  }
}
