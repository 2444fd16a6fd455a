/** The four receivers that are written again and again, by name. The suite must catch every one of them. */
import { alwaysOk } from './always-ok.js';
import { inMemorySet } from './in-memory-set.js';
import { processingClaim } from './processing-claim.js';
import type { NaiveReceiver } from './receiver.js';
import { recordThenFulfill } from './record-then-fulfill.js';

export const NAIVE_RECEIVERS = {
  in_memory_set: inMemorySet,
  always_ok: alwaysOk,
  record_then_fulfill: recordThenFulfill,
  processing_claim: processingClaim,
} as const satisfies Record<string, NaiveReceiver>;

export type NaiveName = keyof typeof NAIVE_RECEIVERS;

export const NAIVE_NAMES = Object.keys(NAIVE_RECEIVERS) as readonly NaiveName[];
