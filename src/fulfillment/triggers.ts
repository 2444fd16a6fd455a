/** Unsigned deliveries on their way into the tables. They add no fact and no row of the inbox: they ask for a look. */
import type { Vendor } from '../protocol/index.js';
import type { KitContext, News } from './context.js';
import { GroupCommit } from './group-commit.js';
import { markTriggered } from './postgres/mark-triggered.js';
import { parkTriggers, type ParkedName } from './postgres/park-triggers.js';
import { transaction } from './postgres/transaction.js';
import type { LinkedVendor, SqlClient, Trigger } from './ports.js';

/** `parked`: nobody here has linked what it names, yet. */
export type Triggered = 'marked' | 'parked';

/** Too many ids wait that nobody linked. Nothing was stored for this one: the vendor must send it again. */
export class ParkedFullError extends Error {
  override readonly name = 'ParkedFullError';
}

interface TriggerArrival extends Trigger {
  readonly vendor: Vendor;
}

/** Records triggers, many in one transaction. */
export class TriggerReceiver {
  readonly #context: KitContext;
  readonly #commits: GroupCommit<TriggerArrival, Triggered | 'full'>;

  constructor(context: KitContext) {
    this.#context = context;
    this.#commits = new GroupCommit({
      commit: (arrivals) => this.#commit(arrivals),
      batchSize: context.schedule.batchSize,
      queueSize: context.schedule.queueSize,
    });
  }

  /**
   * Reads one delivery and records durably what it asks for; only then does it resolve.
   * @throws {TriggerError} and nothing is stored.
   * @throws {ParkedFullError}, {QueueFullError} and whatever the database throws: the vendor must send it again.
   */
  async receive(adapter: LinkedVendor, rawBody: Uint8Array): Promise<Triggered> {
    const trigger = adapter.readTrigger(rawBody);
    const recorded = await this.#commits.add({ ...trigger, vendor: adapter.name });
    if (recorded === 'full') throw new ParkedFullError('too many unknown ids wait');
    return recorded;
  }

  /** Deliveries that wait for the next transaction. */
  get depth(): number {
    return this.#commits.depth;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }

  async #commit(arriving: Promise<readonly TriggerArrival[]>): Promise<readonly (Triggered | 'full')[]> {
    const arrivals = await arriving;
    const { results, news, evicted } = await transaction(this.#context.database, (sql) =>
      record(sql, this.#context, arrivals),
    );
    this.#context.announce(news);
    if (evicted > 0) {
      this.#context.log({
        level: 'warn',
        event: 'parked.crowded',
        message: 'Too many unknown ids wait: the oldest that their vendor does not know gave their places',
        fields: { evicted },
      });
    }
    return results;
  }
}

async function record(
  sql: SqlClient,
  { tables, schedule, clock }: KitContext,
  arrivals: readonly TriggerArrival[],
): Promise<{
  readonly results: readonly (Triggered | 'full')[];
  readonly news: News;
  readonly evicted: number;
}> {
  const nowMs = clock();
  let evicted = 0;
  const results = new Map<TriggerArrival, Triggered | 'full'>();
  for (const vendor of [...new Set(arrivals.map((arrival) => arrival.vendor))].sort()) {
    const own = arrivals.filter((arrival) => arrival.vendor === vendor);
    const names = [...new Set(own.flatMap(namesOf))];
    const known = await markTriggered(sql, tables, {
      vendor,
      names,
      pauseMs: schedule.triggerPauseMs,
      nowMs,
    });
    // A secret is in this delivery alone: it is kept for the merchant, whoever it is about.
    const isParked = (arrival: TriggerArrival): boolean =>
      arrival.secret !== null || !namesOf(arrival).some((name) => known.has(name));
    const parking = await parkTriggers(sql, tables, vendor, foldByName(own.filter(isParked)), {
      limit: schedule.parkedLimit,
      nowMs,
      lookAfterMs: schedule.fallbackAfterMs,
      doubtedBeforeMs: nowMs - schedule.parkedDoubtAfterMs,
    });
    evicted += parking.evicted;
    for (const arrival of own) {
      if (!isParked(arrival)) results.set(arrival, 'marked');
      else results.set(arrival, parking.kept.has(arrival.subject) ? 'parked' : 'full');
    }
  }
  const recorded = arrivals.map((arrival) => results.get(arrival) ?? 'full');
  const news: News = { orderRefs: [], due: recorded.includes('marked') ? ['refetch'] : [] };
  return { results: recorded, news, evicted };
}

/** Either may be the one that was linked. That they belong together is the body's word, and is not learned from it. */
function namesOf({ subject, alias }: Trigger): readonly string[] {
  return alias === null ? [subject] : [subject, alias];
}

function foldByName(arrivals: readonly TriggerArrival[]): readonly ParkedName[] {
  const folded = new Map<string, ParkedName>();
  for (const { subject: name, alias, secret } of arrivals) {
    const before = folded.get(name);
    folded.set(name, { name, alias: before?.alias ?? alias, secret: secret ?? before?.secret ?? null });
  }
  return [...folded.values()];
}
