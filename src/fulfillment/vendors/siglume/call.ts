/** One call to Siglume's API, before it is made. */

/** Whose token goes along. The name is the option's. */
export type TokenName = 'merchantToken' | 'providerToken';

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Below the base, e.g. `/sdrp/direct-payments/checkout-sessions`. Whatever is put into it was validated before. */
  readonly path: string;
  /** The path as it may stand in a log: without ids. Default: the path. */
  readonly name?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly token: TokenName;
  /** A call for a hosted checkout: 404 and 409 may mean that it is not open to this merchant. */
  readonly opensCheckout?: boolean;
  /** The vendor's code of a 404 that says no more than that the thing does not exist: the answer is then `undefined`. */
  readonly unknownCode?: string;
}

export function nameOf({ method, path, name = path }: ApiCall): string {
  return `${method} ${name}`;
}
