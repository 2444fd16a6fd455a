/** Ledyer's ids. They come from bodies that anybody can send and go into URL paths: nothing else gets through. */

/** The documented prefixes; after them the samples carry 27 characters of base 62, and no length is promised. */
const ORDER_ID = /^or_[0-9A-Za-z]{1,64}$/;
const SESSION_ID = /^(se|ps)_[0-9A-Za-z]{1,64}$/;
const LEDGER_ID = /^in_[0-9A-Za-z]{1,64}$/;
const AUTHORIZATION_TOKEN = /^at_[0-9A-Za-z]{1,256}$/;

export function isOrderId(value: unknown): value is string {
  return typeof value === 'string' && ORDER_ID.test(value);
}

/** `se_…` of the Checkout product, `ps_…` of the Payments product. */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && SESSION_ID.test(value);
}

/** A part of an order: the open rest, one capture, one refund. */
export function isLedgerId(value: unknown): value is string {
  return typeof value === 'string' && LEDGER_ID.test(value);
}

export function isAuthorizationToken(value: unknown): value is string {
  return typeof value === 'string' && AUTHORIZATION_TOKEN.test(value);
}
