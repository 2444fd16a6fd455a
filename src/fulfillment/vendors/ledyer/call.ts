/** One call to Ledyer's API, before it is made. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the host, e.g. `/v1/orders/or_…`. Every id in it was validated before. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Repetitions under one key are one act. */
  readonly idempotencyKey?: string;
  /** A 404 means that there is no such thing (yet): the answer is then `undefined`. */
  readonly mayBeMissing?: boolean;
}

/** The call as it may stand in a log: method and route, without ids and query. */
export function nameOf({ method, path }: Pick<ApiCall, 'method' | 'path'>): string {
  return `${method} ${path.replace(/\/(or|se|ps|in|at)_[^/]*/g, '/{id}')}`;
}
