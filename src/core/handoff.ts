/** The page's line to the merchant's backend: the client of the handoff protocol, and the watcher of a status. */
export type { AttemptKey, AttemptRef } from './attempt-handles.js';
export * from './handoff-client.js';
export { HandoffError, type HandoffErrorCode } from './handoff-error.js';
export {
  browserPresence,
  browserStore,
  systemTimers,
  type KeyValueStore,
  type Presence,
  type Timers,
} from './ports.js';
export * from './status-watcher.js';
export * from './start-checkout.js';
