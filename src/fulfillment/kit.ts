import { setMaxListeners } from 'node:events';
import type { KitContext, News } from './context.js';
import { Background } from './background.js';
import { effectsOf, type Effects } from './dead-letters.js';
import { ConfigurationError } from './errors.js';
import { erase, type Erasure } from './erase.js';
import { runEffects } from './effect-runner.js';
import { createFetch } from './http/fetch.js';
import { safeLog } from './log.js';
import { notify } from './notify.js';
import { readOptions, type FulfillmentKitOptions } from './options.js';
import { ordersOf, type Orders } from './orders.js';
import { endParking } from './parked.js';
import type { EffectKind } from './ports.js';
import { listenForLosses } from './postgres/listen-for-losses.js';
import { runMigrations } from './postgres/migrate.js';
import { patientPool } from './postgres/patient-pool.js';
import { readDue } from './postgres/read-due.js';
import { tablesOf } from './postgres/tables.js';
import { Receiver } from './receive.js';
import { recheck } from './recheck.js';
import { reconcile } from './reconcile.js';
import { reconcileOrder, type ReconcileResult } from './reconcile-order.js';
import { refetch } from './refetch.js';
import { reviewsOf, type Reviews } from './reviews.js';
import { cutoffsOf, prune, pruneDue, type Pruned, type PruneOptions } from './retention.js';
import { StatusStreams } from './status-streams.js';
import { VendorPauses } from './vendor-pauses.js';

export interface FulfillmentKit {
  /**
   * Brings the database up to date and starts the background work of this process.
   * @param options `background: false` for serverless hosts, which call {@link tick} from a cron.
   * @throws {ConfigurationError} `schema-too-new`, `database-unreachable`.
   */
  start(options?: { readonly background?: boolean }): Promise<void>;
  /** Where the kit's routes begin, for whatever mounts {@link fetch}. */
  readonly basePath: string;
  /** Answers everything under the base path. Never throws. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * One round of all background work: asks the vendors, ends parking, runs effects, tells the merchant, drops what the
   * host's `retention` says is old.
   * @throws whatever the database throws; a vendor's or an effect's trouble is logged and tried again.
   */
  tick(): Promise<void>;
  /**
   * Takes nothing more, finishes what was taken, ends the streams. The pool stays open. Effects under way are ended and
   * run again later; one of class `once-or-review` is waited for, for at most four fifths of `schedule.leaseSeconds`.
   */
  close(): Promise<void>;
  /** For operators and their tools. */
  readonly orders: Orders;
  readonly reviews: Reviews;
  readonly effects: Effects;
  /**
   * Asks the vendor now about one order, by its reference and by all that is known of it, and feeds the answers
   * as every other reading. For a buyer on the phone; the schedule does it by itself.
   * @throws whatever the database throws; a vendor's trouble is in the result.
   */
  reconcile(orderRef: string): Promise<ReconcileResult>;
  /**
   * Drops old deliveries, batch by batch. Facts and effects stay, so nothing is fulfilled twice by what comes again.
   * @throws {ConfigurationError} `invalid-option`, and whatever the database throws.
   */
  prune(options: PruneOptions): Promise<Pruned>;
  /** Erases what is kept about an order's buyer; see {@link Erasure}. What refuses a repetition stays. */
  erase(orderRef: string): Promise<Erasure>;
}

/**
 * The part of the package that decides. Several may run on one database, in one process or in many.
 * @throws {ConfigurationError} `invalid-option`, naming the option.
 */
export function createFulfillmentKit(options: FulfillmentKitOptions): FulfillmentKit {
  const settings = readOptions(options);
  const { schema, vendors, effects, schedule, hooks } = settings;
  // As long as a lease: an effect's own SQL may take that, and nothing else needs as much.
  const database = patientPool(settings.database, schedule.leaseSeconds * 1000);
  const log = safeLog(settings.log);
  const closing = new AbortController();
  // Every call under way listens to it, and there may be more of them than Node takes for a leak.
  setMaxListeners(0, closing.signal);
  const context: KitContext = {
    database,
    tables: tablesOf(schema),
    vendors: new Map(vendors.map((vendor) => [vendor.name, vendor])),
    effects,
    unreferenced: settings.unreferenced,
    schedule,
    retention: settings.retention,
    pauses: new VendorPauses(settings.clock),
    clock: settings.clock,
    log,
    closing: closing.signal,
    announce: (news) => hear(news),
  };
  const kinds = Object.keys(effects) as EffectKind[];
  const streams = new StatusStreams(context);
  const receiver = new Receiver(context);
  const background = new Background({
    jobs: {
      reconcile: () => reconcile(context),
      recheck: () => recheck(context),
      refetch: () => refetch(context),
      parked: () => endParking(context),
      effects: () => runEffects(context),
      notify: () => notify(context, hooks),
      prune: () => pruneDue(context),
    },
    due: () =>
      readDue(
        database,
        context.tables,
        context.pauses.allowed(context.vendors.keys()),
        kinds,
        context.clock(),
        cutoffsOf(context),
      ),
    sweepIntervalMs: schedule.sweepIntervalMs,
    log,
  });
  const hear = (news: News): void => {
    for (const job of new Set(news.due)) background.kick(job);
    streams.orderChanged(news.orderRefs);
  };
  const stopListening = listenForLosses(settings.database, log);
  let closed: Promise<void> | null = null;

  const close = async (): Promise<void> => {
    const finished = receiver.close();
    closing.abort(new Error('the kit is closing'));
    streams.close();
    await Promise.all([finished, background.stop()]);
    stopListening();
  };

  return {
    start: async ({ background: inProcess = true } = {}) => {
      // A migration may wait long for another process's, and take its time.
      await runMigrations({ database: settings.database, schema, log }).catch((error: unknown) => {
        if (!isUnreachable(error)) throw error;
        throw new ConfigurationError(
          'database-unreachable',
          'The database cannot be reached. Check the connection string of the pool passed as `database`.',
          { cause: error },
        );
      });
      if (inProcess) background.start();
    },
    basePath: settings.basePath,
    fetch: createFetch({
      context,
      receiver,
      streams,
      basePath: settings.basePath,
      origins: settings.origins,
      identify: settings.identify,
      resolveOrder: settings.resolveOrder,
      closing: () => closed !== null,
    }),
    tick: () => background.tick(),
    close: () => (closed ??= close()),
    orders: ordersOf(context),
    reviews: reviewsOf(context),
    effects: effectsOf(context),
    reconcile: (orderRef) => reconcileOrder(context, orderRef),
    prune: (options) => prune(context, options),
    erase: (orderRef) => erase(context, orderRef),
  };
}

/** No answer at all: a socket's error, or the driver's own time-out. Everything with an SQLSTATE is an answer. */
function isUnreachable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}
