/** The core: the attempt machine, the handoff client, the status watcher and the diagnosis. No DOM, no Lit. */
export * from './attempt-machine.js';
export * from './attempt-states.js';
export * from './vendor-events.js';
export type { AttemptKey, AttemptRef } from './attempt-handles.js';
export * from './diagnosis.js';
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
export { verdictOf } from '../protocol/status.js';
export type {
  AttemptHandle,
  BindTokenAnswer,
  NextStep,
  OrderStatus,
  RefusalCode,
  Signal,
  SignalKind,
  StatusAnswer,
  UnboundReason,
  Vendor,
  Verdict,
} from '../protocol/index.js';
