/** What this page keeps of each backend, by its `handoff-url`: attempts come and go, and it stands. */
import { withoutQuery } from '../core/frame-evidence.js';
import { HandoffClient } from '../core/handoff-client.js';
import type { HandoffError } from '../core/handoff-error.js';
import type { BackendPause } from '../core/status-watcher.js';
import { tell } from './developer-log.js';

/** What each backend last asked of this page. */
const pauses = new Map<string, BackendPause>();
/** What storage refuses, a client remembers: with its attempt it would be lost. */
const clients = new Map<string, HandoffClient>();

/** One for all who ask the same backend; without one, its own. */
export function pauseOf(handoffUrl: string | null): BackendPause {
  if (handoffUrl === null) return { untilMs: 0 };
  const base = baseOf(handoffUrl);
  const pause = pauses.get(base) ?? { untilMs: 0 };
  pauses.set(base, pause);
  return pause;
}

/** @throws {TypeError} when `handoffUrl` is not an http(s) URL. */
export function clientOf(handoffUrl: string): HandoffClient {
  const base = baseOf(handoffUrl);
  const client = clients.get(base) ?? new HandoffClient({ baseUrl: handoffUrl, onRefused });
  clients.set(base, client);
  return client;
}

/** Until that is told again, no other try is offered where what was said may have been a payment. */
function onRefused(error: HandoffError): void {
  tell('signal', 'The backend refused to hear of this checkout', error);
}

function baseOf(handoffUrl: string): string {
  return withoutQuery(handoffUrl).replace(/\/*$/, '');
}
