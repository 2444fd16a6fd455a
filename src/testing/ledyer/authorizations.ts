/** Authorization tokens of the Payments product: each is spent once, on making the order. */
import { LedyerFailure } from './failure.js';
import { newId } from './ids.js';

export class Authorizations {
  /** Session by token; `null` once it is spent. */
  readonly #sessions = new Map<string, string | null>();

  issue(sessionId: string): string {
    const token = newId('at');
    this.#sessions.set(token, sessionId);
    return token;
  }

  /** @returns the session. @throws {LedyerFailure} 404; 409 for a token that is spent, ASSUMED (26). */
  spend(token: string): string {
    const sessionId = this.#sessions.get(token);
    if (sessionId === undefined) throw new LedyerFailure(404, 'no such authorization token');
    if (sessionId === null) throw new LedyerFailure(409, 'the authorization token is spent');
    this.#sessions.set(token, null);
    return sessionId;
  }

  /** What the Payments dialog hands to the page; `null` where nothing is authorized or the token is spent. */
  of(sessionId: string): string | null {
    return [...this.#sessions].find(([, session]) => session === sessionId)?.[0] ?? null;
  }
}
