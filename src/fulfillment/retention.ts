/** What of the deliveries is kept, and how long? Orders, facts and effects are kept for ever. */
import type { KitContext } from './context.js';
import { ConfigurationError } from './errors.js';
import { pruneInbox } from './postgres/prune-inbox.js';
import { pruneRawBodies } from './postgres/prune-raw-bodies.js';

/** Rows dropped in one statement, each a transaction of its own. */
const DEFAULT_BATCH = 1000;
const MAX_BATCH = 10_000;

/** How long deliveries are kept. Without a setting: for ever. */
export interface Retention {
  /** The bodies, as the vendor signed them; with all that they say of a buyer. In milliseconds since receipt. */
  readonly rawBodiesMs?: number;
  /** Whole rows: message id, topic, what became of it. A repetition that comes later is recorded as new, and changes nothing. */
  readonly inboxMs?: number;
}

export interface PruneOptions {
  /** Drops the bodies of deliveries that are older, in milliseconds. Not set: none. */
  readonly rawBodiesOlderThanMs?: number;
  /** Drops rows of the inbox that are older, in milliseconds, with their bodies. Not set: none. */
  readonly inboxOlderThanMs?: number;
  /** Rows in one transaction, 1 to 10,000. Default 1,000. */
  readonly batch?: number;
}

export interface Pruned {
  readonly rawBodies: number;
  readonly inbox: number;
}

/**
 * Drops all that is old enough, batch by batch; what a person has yet to look at stays. Ends early when the kit closes.
 * @throws {ConfigurationError} `invalid-option`, and whatever the database throws: what was dropped before stays so.
 */
export async function prune(context: KitContext, options: PruneOptions): Promise<Pruned> {
  const { rawBodiesOlderThanMs, inboxOlderThanMs, batch = DEFAULT_BATCH } = options;
  if (!Number.isInteger(batch) || batch < 1 || batch > MAX_BATCH) refuse('batch', `1 to ${MAX_BATCH}`);
  const { database, tables } = context;
  const dropAll = async (drop: typeof pruneInbox, olderThanMs: number | undefined, name: string) => {
    if (olderThanMs === undefined) return 0;
    if (!Number.isFinite(olderThanMs) || olderThanMs < 0) refuse(name, 'a number of at least 0');
    const beforeMs = context.clock() - olderThanMs;
    let dropped = 0;
    for (let last = batch; last === batch && !context.closing.aborted; dropped += last) {
      last = await drop(database, tables, { beforeMs, limit: batch });
    }
    return dropped;
  };
  return {
    inbox: await dropAll(pruneInbox, inboxOlderThanMs, 'inboxOlderThanMs'),
    rawBodies: await dropAll(pruneRawBodies, rawBodiesOlderThanMs, 'rawBodiesOlderThanMs'),
  };
}

/** Drops one batch of each kind that the host's `retention` asks for. @returns how many rows it took. */
export async function pruneDue(context: KitContext): Promise<number> {
  const { database, tables } = context;
  const { inboxBeforeMs, rawBodiesBeforeMs } = cutoffsOf(context);
  let taken = 0;
  if (inboxBeforeMs !== null) {
    taken += await pruneInbox(database, tables, { beforeMs: inboxBeforeMs, limit: DEFAULT_BATCH });
  }
  if (rawBodiesBeforeMs !== null) {
    taken += await pruneRawBodies(database, tables, { beforeMs: rawBodiesBeforeMs, limit: DEFAULT_BATCH });
  }
  return taken;
}

/** Until when rows are old, by the host's setting; `null`: none ever is. */
export interface Cutoffs {
  readonly rawBodiesBeforeMs: number | null;
  readonly inboxBeforeMs: number | null;
}

export function cutoffsOf({ retention, clock }: Pick<KitContext, 'retention' | 'clock'>): Cutoffs {
  const before = (ms: number | undefined): number | null => (ms === undefined ? null : clock() - ms);
  return { rawBodiesBeforeMs: before(retention.rawBodiesMs), inboxBeforeMs: before(retention.inboxMs) };
}

function refuse(name: string, must: string): never {
  throw new ConfigurationError('invalid-option', `prune: ${name} must be ${must}`);
}
