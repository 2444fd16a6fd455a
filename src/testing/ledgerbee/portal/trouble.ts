/** The ways in which a portal fails to give its page: what a browser gets in its place. */
import { empty, page, type Reply } from '../http.js';
import type { Scenarios } from '../scenarios.js';

/** `null` when all is well. */
export function portalTrouble(scenarios: Scenarios, headers: Reply['headers']): Reply | null {
  if (scenarios.take('portal-error')) {
    return page('<!doctype html><title>Trouble</title><p>Service unavailable', 503, headers);
  }
  if (scenarios.take('portal-empty')) return empty(204, headers);
  if (scenarios.take('portal-hangs')) return { ...empty(0), instead: 'silence' };
  if (scenarios.take('portal-cuts-off')) return { ...empty(0), instead: 'end' };
  if (scenarios.take('portal-stalls')) return { ...page('', 200, headers), body: stall };
  return null;
}

/** The page begins, and never ends. */
function stall(write: (chunk: string) => void): () => void {
  write('<!doctype html><title>Plans</title><p>Loading');
  return () => undefined;
}
