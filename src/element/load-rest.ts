/** Fetches the second module, once per page. */
import type { Rest } from './rest.js';

export type RestClass = typeof Rest;

let here: RestClass | null = null;
let coming: Promise<RestClass> | null = null;

/** At once, where it has come before. */
export function restIfHere(): RestClass | null {
  return here;
}

/** Rejects where it cannot be had; another call tries again. */
export function loadRest(): Promise<RestClass> {
  coming ??= import('./rest.js').then(
    (module) => (here = module.Rest),
    (error: unknown) => {
      coming = null;
      console.error('[checkout-embed] The second file did not come: serve the whole folder.', error);
      throw error;
    },
  );
  return coming;
}
