/** Keeps one OAuth access token: reused until shortly before it ends, and asked for once, however many wait. */

/** A token is given up this long before its end, or a tenth of its life where that is less. */
const MARGIN_MS = 60_000;
const MARGIN_SHARE = 0.1;

export interface IssuedToken {
  readonly accessToken: string;
  readonly lifetimeMs: number;
}

interface Flight {
  readonly token: Promise<string>;
  readonly abort: () => void;
  waiting: number;
}

export class AccessTokens {
  readonly #issue: (signal: AbortSignal) => Promise<IssuedToken>;
  readonly #nowMs: () => number;
  #current: { readonly accessToken: string; readonly renewAtMs: number } | null = null;
  #flight: Flight | null = null;

  /** @param nowMs A clock that only moves forward. Default: the process's own. */
  constructor(
    issue: (signal: AbortSignal) => Promise<IssuedToken>,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#issue = issue;
    this.#nowMs = nowMs;
  }

  /** @throws what the issuing throws, for everybody who waited for it; and the signal's reason for who gave up. */
  async get(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#current !== null && this.#nowMs() < this.#current.renewAtMs) return this.#current.accessToken;
    return waitFor((this.#flight ??= this.#takeOff()), signal);
  }

  /** The vendor refused this token: it is not used again. One that came meanwhile stays. */
  drop(accessToken: string): void {
    if (this.#current?.accessToken === accessToken) this.#current = null;
  }

  #takeOff(): Flight {
    const ending = new AbortController();
    const askedAtMs = this.#nowMs();
    const token = this.#issue(ending.signal)
      .then(({ accessToken, lifetimeMs }) => {
        // From when it was asked for: the vendor counts from its answer, which is later.
        const renewAtMs = askedAtMs + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE);
        this.#current = { accessToken, renewAtMs };
        return accessToken;
      })
      .finally(() => {
        if (this.#flight === flight) this.#flight = null;
      });
    const flight: Flight = {
      token,
      waiting: 0,
      abort: () => {
        if (this.#flight === flight) this.#flight = null;
        ending.abort(new Error('nobody waits for the token any more'));
      },
    };
    return flight;
  }
}

/** One who gives up leaves the others waiting; the last one ends the call. */
function waitFor(flight: Flight, signal: AbortSignal): Promise<string> {
  flight.waiting += 1;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.abort();
      reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    flight.token.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
