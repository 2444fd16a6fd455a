/**
 * The core: the attempt machine and the words of both protocols. No DOM, no Lit. The diagnosis and the line to
 * the backend are entries of their own, so that a page pays for what it uses.
 */
export * from './attempt-machine.js';
export * from './attempt-states.js';
export * from './vendor-events.js';
export { verdictOf } from '../protocol/status.js';
export type { Confidence, Diagnosis, DiagnosisCode } from './diagnosis.js';
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
