/** Ids in the vendor's form: a prefix and 27 characters of base 62, as its samples have. */
import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 27;

/** Account, checkout session, payments session, authorization token, order, order event, order line, ledger chunk. */
export type IdPrefix = 'ac' | 'se' | 'ps' | 'at' | 'or' | 'oe' | 'ol' | 'in' | 'wh';

export function newId(prefix: IdPrefix): string {
  let id = `${prefix}_`;
  for (let length = 0; length < LENGTH; length += 1) id += ALPHABET.charAt(randomInt(ALPHABET.length));
  return id;
}
