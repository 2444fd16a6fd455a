import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { KitContext, News } from './context.js';
import { acknowledgeEffect, runnableKinds } from './acknowledge.js';
import { Background } from './background.js';
import { Backlog } from './backlog.js';
import { effectsOf, type Effects } from './dead-letters.js';
import { ConfigurationError } from './errors.js';
import { erase, type Erasure } from './erase.js';
import { runEffects } from './effect-runner.js';
import { ClientLimits } from './http/client-limits.js';
import { createFetch, type FetchInfo } from './http/fetch.js';
import { Intake } from './intake.js';
import { linkOrder, type LinkOptions, type LinkResult, type OrderLink } from './link-order.js';
import { safeLog } from './log.js';
import { safeMetrics } from './metrics.js';
import { notify } from './notify.js';
import { readOptions, type FulfillmentKitOptions } from './options.js';
import { managedOrders, type ManagedOrders } from './order-management.js';
import { ordersOf, type Orders } from './orders.js';
import { endParking } from './parked.js';
import { lookAtParked } from './parked-triggers.js';
import type { EffectKind } from './ports.js';
import { listenForLosses } from './postgres/listen-for-losses.js';
import { runMigrations } from './postgres/migrate.js';
import { patientPool } from './postgres/patient-pool.js';
import { readDue } from './postgres/read-due.js';
import { tablesOf } from './postgres/tables.js';
import { Readiness } from './readiness.js';
import { Receiver } from './receive.js';
import { recheck } from './recheck.js';
import { reconcile } from './reconcile.js';
import { reconcileOrder, type ReconcileResult } from './reconcile-order.js';
import { refetch } from './refetch.js';
import { cutoffsOf, prune, pruneDue, type Pruned, type PruneOptions } from './retention.js';
import { reviewsOf, type Reviews } from './reviews.js';
import { readSettlements } from './settlements.js';
import { StatusStreams } from './status-streams.js';
import { TriggerReceiver } from './triggers.js';
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
  /**
   * Answers everything under the base path. Never throws.
   * @param info What a `Request` cannot say. `toNodeHandler` fills it in.
   */
  readonly fetch: (request: Request, info?: FetchInfo) => Promise<Response>;
  /**
   * One round of all background work: asks the vendors, ends parking, runs effects, tells the merchant, drops what the
   * host's `retention` says is old.
   * @throws whatever the database throws, once all other work had its turn, or at once where the database is away; a
   *   vendor's or an effect's trouble is logged and tried again.
   */
  tick(): Promise<void>;
  /**
   * Takes nothing more, finishes what was taken, ends the streams. The pool stays open: end it afterwards. Everything
   * that is answered 2xx is on disk; what comes too late is answered 503 with `Retry-After`. Effects that are not done
   * in time are ended and run again later; one of class `once-or-review` is waited for all the same, for at most four
   * fifths of `schedule.leaseSeconds`.
   */
  close(options?: CloseOptions): Promise<void>;
  /** For operators and their tools. */
  readonly orders: Orders;
  readonly reviews: Reviews;
  readonly effects: Effects;
  readonly orderManagement: ManagedOrders;
  /**
   * Asks the vendor now about one order, by its reference and by all that is known of it, and feeds the answers
   * as every other reading. For a buyer on the phone; the schedule does it by itself.
   * @throws whatever the database throws; a vendor's trouble is in the result.
   */
  reconcile(orderRef: string): Promise<ReconcileResult>;
  /**
   * Ties a purchase at a vendor whose checkout the merchant opens itself, such as Ledyer, to the merchant's order. To
   * be called when its session is opened, with every id the vendor gave: what is heard of them counts for this order
   * from then on, also what was heard before. Calling it again is harmless; with another amount the order is expected
   * on those terms from then on.
   * @throws {ConfigurationError} `invalid-option` for an id that is none of the vendor's, and whatever the database
   *   throws.
   */
  linkOrder(orderRef: string, link: OrderLink, options?: LinkOptions): Promise<LinkResult>;
  /**
   * Drops old deliveries, batch by batch. Facts and effects stay, so nothing is fulfilled twice by what comes again.
   * @throws {ConfigurationError} `invalid-option`, and whatever the database throws.
   */
  prune(options: PruneOptions): Promise<Pruned>;
  /** Erases what is kept about an order's buyer; see {@link Erasure}. What refuses a repetition stays. */
  erase(orderRef: string): Promise<Erasure>;
}

export interface CloseOptions {
  /**
   * For how long `…/ready` says no while everything is still served, in milliseconds: the time in which a load
   * balancer notices. Default 0.
   */
  readonly graceMs?: number;
  /**
   * How long requests, effects and calls to vendors that are under way may take to end by themselves, in
   * milliseconds. Then effects are aborted and given back, and run elsewhere. Default 5000.
   */
  readonly finishMs?: number;
}

const DEFAULT_FINISH_MS = 5_000;

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
    effects: vendors.some(({ flow }) => flow === 'linked')
      ? { ...effects, acknowledge: acknowledgeEffect(() => context) }
      : effects,
    unreferenced: settings.unreferenced,
    schedule,
    retention: settings.retention,
    pauses: new VendorPauses(settings.clock, schedule),
    clock: settings.clock,
    log,
    metrics: settings.metrics === null ? null : safeMetrics(settings.metrics),
    closing: closing.signal,
    announce: (news) => hear(news),
  };
  const kinds = Object.keys(context.effects) as EffectKind[];
  const streams = new StatusStreams(context);
  const receivers = { signed: new Receiver(context), triggers: new TriggerReceiver(context) };
  const queueDepth = (): number => receivers.signed.depth + receivers.triggers.depth;
  const intake = new Intake();
  const backlog = new Backlog(context, kinds);
  const background = new Background({
    jobs: {
      reconcile: [...context.vendors.keys()].map((vendor) => () => reconcile(context, vendor)),
      recheck: [() => recheck(context)],
      refetch: [...context.vendors.keys()].map((vendor) => () => refetch(context, vendor)),
      parked: [
        () => endParking(context),
        ...[...context.vendors.keys()].map(
          (vendor) => () => lookAtParked(context, vendor, settings.onUnlinkedOrder),
        ),
      ],
      settlements: [...context.vendors.keys()].map((vendor) => () => readSettlements(context, vendor)),
      effects: [() => runEffects(context)],
      notify: [() => notify(context, hooks)],
      prune: [() => pruneDue(context)],
    },
    due: async () => {
      await backlog.refresh();
      const callable = context.pauses.allowed(context.vendors.keys());
      return readDue(
        database,
        context.tables,
        callable,
        runnableKinds(context),
        context.clock(),
        cutoffsOf(context),
      );
    },
    sweepIntervalMs: schedule.sweepIntervalMs,
    log,
  });
  const hear = (news: News): void => {
    for (const job of new Set(news.due)) background.kick(job);
    streams.orderChanged(news.orderRefs);
    for (const { id, reason, orderRef } of news.opened ?? []) {
      if (news.uncommitted !== true) {
        log({
          level: 'warn',
          event: 'review.opened',
          message: 'A person must look at it; see: npx checkout-embed review',
          fields: { id, reason, orderRef },
        });
      }
      context.metrics?.count('checkout_embed_reviews_opened_total', 1, { reason });
    }
  };
  const stopListening = listenForLosses(settings.database, log);
  let closed: Promise<void> | null = null;

  const gauges = [
    context.metrics?.gauge('checkout_embed_delivery_queue_depth', queueDepth, {}),
    context.metrics?.gauge('checkout_embed_streams_open', () => streams.size, {}),
    backlog.offer(),
  ];

  const close = async ({ graceMs = 0, finishMs = DEFAULT_FINISH_MS }: CloseOptions): Promise<void> => {
    await intake.close(graceMs);
    streams.close();
    const finished = Promise.all([intake.idle(), background.stop()]);
    const patience = new AbortController();
    const over = pause(finishMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([finished, over]);
    patience.abort();
    // Whatever still hangs is ended; a delivery whose body never came gets its 503.
    closing.abort(new Error('the kit is closing'));
    await Promise.all([receivers.signed.close(), receivers.triggers.close(), background.stop()]);
    stopListening();
    for (const stop of gauges) stop?.();
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
      receivers,
      streams,
      basePath: settings.basePath,
      origins: settings.origins,
      identify: settings.identify,
      resolveOrder: settings.resolveOrder,
      intake,
      limits: new ClientLimits({
        limits: settings.rateLimits,
        clientKey: settings.clientKey,
        clock: settings.clock,
        log,
      }),
      readiness: new Readiness({ context, phase: () => intake.phase, queueDepth }),
    }),
    tick: async () => {
      await background.tick();
      await backlog.refresh();
    },
    close: (options = {}) => (closed ??= close(options)),
    orders: ordersOf(context),
    reviews: reviewsOf(context),
    effects: effectsOf(context),
    reconcile: (orderRef) => reconcileOrder(context, orderRef),
    linkOrder: (orderRef, link, options) => linkOrder(context, orderRef, link, options),
    orderManagement: managedOrders(context),
    prune: (options) => prune(context, options),
    erase: (orderRef) => erase(context, orderRef),
  };
}

/** No answer at all: a socket's error, or the driver's own time-out. Everything with an SQLSTATE is an answer. */
function isUnreachable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}
