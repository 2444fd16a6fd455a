/** How each visitor's page was set: what sends them back brings no query of the page's, and the page should look as it was left. */
import { keptQuery } from '../pages/settings.js';

/** Visitors who are remembered; the oldest goes first. */
const KEPT = 1000;
const RETURN = ['checkout', 'attempt', 'session_id'] as const;

export class LastLook {
  readonly #queries = new Map<string, string>();

  keep(sessionId: string, query: URLSearchParams): void {
    this.#queries.delete(sessionId);
    this.#queries.set(sessionId, keptQuery(query));
    const [oldest] = this.#queries.keys();
    if (this.#queries.size > KEPT && oldest !== undefined) this.#queries.delete(oldest);
  }

  /** The address of a return as the page was left; `null` where nobody returns, or it is that already. */
  restore(sessionId: string, query: URLSearchParams): string | null {
    const left = this.#queries.get(sessionId);
    if (!query.has('attempt') || left === undefined || left === keptQuery(query)) return null;
    const restored = new URLSearchParams(left);
    if (restored.get('vendor') !== query.get('vendor')) return null;
    for (const name of RETURN) for (const value of query.getAll(name)) restored.append(name, value);
    return `/?${restored.toString()}`;
  }
}
