/** One call to LedgerBee's public API, before it is made. */

/** Two keys, because the vendor does not let one hold both kinds of scope. The name is the option's. */
export type KeyName = 'apiKey' | 'ssoKey';

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Below the base, e.g. `/subscriptions`. Whatever is put into it was validated before. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly key: KeyName;
  /** Instead of the configured time-out, in milliseconds. */
  readonly timeoutMs?: number;
  /** A 404 of the API itself means that the thing does not exist: the answer is then `undefined`. */
  readonly mayBeMissing?: boolean;
}

/** The call as it may stand in a log: method and route, without ids and query. */
export function nameOf({ method, path }: ApiCall): string {
  return `${method} ${path.replace(/^\/subscriptions\/.+$/, '/subscriptions/{id}')}`;
}
