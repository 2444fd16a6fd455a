/** The kit under chaos: sell, break, wait until all is quiet, read what came of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { Buyers } from './buyers.js';
import type { ChaosDatabase } from './database.js';
import { readEvidence } from './evidence.js';
import { Fleet } from './fleet.js';
import { LEASE_OVER_MS } from './kit/schedule.js';
import { createMerchantTables } from './merchant.js';
import { waitForQuiet } from './quiescence.js';
import type { Random } from './random.js';
import { judgeKit, type KitRun } from './kit-outcome.js';
import type { Order } from './orders.js';
import type { Outcome } from './report.js';
import type { Scale } from './scale.js';
import { Sender } from './sender.js';
import { SHOPS } from './shops.js';
import { serveSink } from './sink.js';
import { STEP_NAMES } from './steps.js';
import { storm } from './storm.js';
import type { ChaosVendor, VendorName } from './vendor.js';
import { API_FAULTS, serveVendorApi, type VendorApi } from './vendor-api.js';
import type { ShopRun } from './verdict.js';

export interface Arena {
  readonly database: ChaosDatabase;
  readonly script: string;
  readonly vendors: readonly [ChaosVendor, ...ChaosVendor[]];
  readonly scale: Scale;
  readonly random: Random;
  readonly verbose: boolean;
  readonly say: (line: string) => void;
  /** Called at the end, also of a run that fails or is interrupted; the last one first. */
  readonly atEnd: (clean: () => Promise<void>) => void;
}

/** How long the processes may take until all have begun, in milliseconds. */
const START_LIMIT_MS = 60_000;
/** Processes of each kind. */
const SIZE = { receiver: 2, worker: 2 };
/** Share of kills that wait for a named step. */
const AT_STEPS = 0.5;

export async function runKit(arena: Arena): Promise<Outcome> {
  const { database, vendors, scale, say } = arena;
  const random = arena.random.fork('kit');
  await database.withClient(createMerchantTables);
  const apis: VendorApi[] = [];
  const adapters: Partial<Record<VendorName, unknown>> = {};
  for (const vendor of vendors) {
    const api = await serveVendorApi(vendor, random.fork(`api of ${vendor.name}`));
    arena.atEnd(api.close);
    apis.push(api);
    adapters[vendor.name] = vendor.adapterSettings(api.origin);
  }
  const sink = await serveSink(random.fork('sink'));
  arena.atEnd(sink.close);
  const fleet = new Fleet({
    script: arena.script,
    size: SIZE,
    settings: {
      databaseUrl: database.url,
      sinkOrigin: sink.origin,
      adapters,
      verbose: arena.verbose,
    },
  });
  arena.atEnd(() => fleet.destroy());
  await allReady(fleet);

  const sender = new Sender(random.fork('sender'));
  const { ordersPerSecond } = scale;
  const buyers = new Buyers({ vendors, sender, origins: () => fleet.origins, random, ordersPerSecond });
  const hadTheirShare = (): boolean =>
    fleet.kills >= scale.kills &&
    database.restarts >= scale.restarts &&
    STEP_NAMES.every((step) => fleet.hits(step) >= scale.hitsPerStep) &&
    // What chance alone brings, and the verdict asks for all the same.
    API_FAULTS.every((fault) => apis.some(({ faults }) => faults.get(fault) !== 0)) &&
    [...sink.faults.values(), sink.absorbed(), sink.unknown()].every((times) => times > 0) &&
    isEveryKindSold(buyers.orders, vendors);
  const begun = Date.now();
  const over = (): boolean =>
    Date.now() - begun > scale.stormLimitMs || (buyers.orders.length >= scale.orders && hadTheirShare());
  await Promise.all([
    buyers.sellUntil(over),
    storm(
      { ...scale, fleets: [fleet], database, random, atSteps: AT_STEPS, sold: () => buyers.orders.length },
      over,
    ),
  ]);
  const stormSeconds = (Date.now() - begun) / 1_000;
  say(
    `  the storm is over after ${stormSeconds.toFixed(1)} s: ${buyers.orders.length} orders, ${fleet.kills} kills`,
  );

  const idle = (): boolean => buyers.idle && sender.idle;
  const stuck = await waitForQuiet(database, idle, scale.quiescenceLimitMs);
  const quietSeconds = (Date.now() - begun) / 1_000 - stormSeconds;
  say(`  quiet after ${quietSeconds.toFixed(1)} s more`);
  // Whoever still holds a claim, or believes to, has had time to act on it.
  await pause(LEASE_OVER_MS);
  const inBadOrder = await fleet.end();

  const judged: ShopRun[] = [];
  for (const shop of SHOPS) {
    for (const { name: vendor, isAcknowledged } of vendors) {
      const orders = buyers.orders.filter((order) => order.shop === shop && order.vendor === vendor);
      const refs = new Set(orders.map(({ ref }) => ref));
      judged.push({
        shop,
        vendor,
        orders,
        evidence: await database.withClient((client) => readEvidence(client, shop, vendor, sink.doings)),
        accepted: [...sender.accepted].filter(({ orderRef }) => refs.has(orderRef)),
        isAcknowledged,
      });
    }
  }
  return judgeKit({
    scale,
    shops: judged,
    buyers,
    sender,
    deaths: fleet.deaths,
    restarts: database.restarts,
    apis,
    traits: Object.fromEntries(vendors.map(({ name, traits }) => [name, traits])) as KitRun['traits'],
    sink,
    stuck,
    inBadOrder,
    stormSeconds,
    quietSeconds,
  });
}

/** Of the few orders to which something happens that the verdict asks for: one of each at least. */
function isEveryKindSold(orders: readonly Order[], vendors: Arena['vendors']): boolean {
  const isFoundByReconcile = ({ vendor, deliveries }: Order): boolean =>
    deliveries === 0 && vendors.some(({ name, traits }) => name === vendor && traits.foundBy === 'reconcile');
  return (
    orders.some(({ paidTwice }) => paidTwice) &&
    orders.some(isFoundByReconcile) &&
    vendors
      .filter(({ traits }) => traits.ends)
      .every(({ name }) => orders.some(({ vendor, ends }) => vendor === name && ends === 'once-fulfilled'))
  );
}

/** @throws when they do not: there is nothing to break then. */
async function allReady(fleet: Fleet): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  while (!fleet.allReady) {
    if (Date.now() > end || fleet.deaths.byThemselves.length > 0) {
      throw new Error(`the processes did not start: ${fleet.deaths.byThemselves.join('; ')}`);
    }
    await pause(20);
  }
}
