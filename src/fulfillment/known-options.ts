/** Is every option that was given one there is? JavaScript takes a misspelled one without a word, and it does nothing. */
import { ConfigurationError } from './errors.js';
import { nearest } from './nearest.js';

/** Every name of an options object, those that may be left out too: the compiler misses none and takes no other. */
export type EveryOption<Options> = Readonly<Record<keyof Options, true>>;

/**
 * @param prefix What stands before a name in a message: a path such as `effects.`, or a vendor, `ledyer: `.
 * @throws {ConfigurationError} `invalid-option`, naming the unknown one and the one that may be meant; no value is
 *   repeated.
 */
export function refuseUnknown(given: object, known: Readonly<Record<string, true>>, prefix = ''): void {
  const names = Object.keys(known);
  const stray = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (stray === undefined) return;
  const meant = nearest(stray, names);
  throw new ConfigurationError(
    'invalid-option',
    `${prefix}${stray} is not an option; ` +
      (meant === null
        ? `known are ${names.join(', ')}`
        : `did you mean ${prefix.endsWith('.') ? prefix : ''}${meant}?`),
  );
}
