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
import type { Figure, Outcome } from './report.js';
import type { Scale } from './scale.js';
import { Sender } from './sender.js';
import { SHOPS } from './shops.js';
import { serveSink } from './sink.js';
import { STEP_NAMES } from './steps.js';
import { storm } from './storm.js';
import type { ChaosVendor } from './vendor.js';
import { serveVendorApi } from './vendor-api.js';
import { atLeast, judgeShop, none, type Claim } from './verdict.js';

export interface Arena {
  readonly database: ChaosDatabase;
  readonly script: string;
  readonly vendor: ChaosVendor;
  readonly scale: Scale;
  readonly random: Random;
  readonly verbose: boolean;
  readonly say: (line: string) => void;
  /** Called at the end, also of a run that fails or is interrupted; the last one first. */
  readonly atEnd: (clean: () => Promise<void>) => void;
}

/** Processes of each kind. */
const SIZE = { receiver: 2, worker: 2 };
/** Share of kills that wait for a named step. */
const AT_STEPS = 0.5;

export async function runKit(arena: Arena): Promise<Outcome> {
  const { database, vendor, scale, say } = arena;
  const random = arena.random.fork('kit');
  await database.withClient(createMerchantTables);
  const api = await serveVendorApi(vendor, random.fork('api'));
  arena.atEnd(api.close);
  const sink = await serveSink(random.fork('sink'));
  arena.atEnd(sink.close);
  const fleet = new Fleet({
    script: arena.script,
    size: SIZE,
    settings: {
      databaseUrl: database.url,
      sinkOrigin: sink.origin,
      vendor: vendor.name,
      adapterSettings: vendor.adapterSettings(api.origin),
      verbose: arena.verbose,
    },
  });
  arena.atEnd(() => fleet.destroy());
  while (!fleet.allReady && fleet.deaths.byThemselves.length === 0) await pause(20);

  const sender = new Sender(random.fork('sender'));
  const { ordersPerSecond } = scale;
  const buyers = new Buyers({ vendor, sender, origins: () => fleet.origins, random, ordersPerSecond });
  const restartsBefore = database.restarts;
  const restarts = (): number => database.restarts - restartsBefore;
  const hadTheirShare = (): boolean =>
    fleet.kills >= scale.kills &&
    restarts() >= scale.restarts &&
    STEP_NAMES.every((step) => fleet.hits(step) >= scale.hitsPerStep);
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

  const claims: Claim[] = [none('0 orders stuck', stuck)];
  const figures: Figure[] = [];
  for (const shop of SHOPS) {
    const evidence = await database.withClient((client) => readEvidence(client, shop, sink.doings));
    const orders = buyers.orders.filter((order) => order.shop === shop);
    const refs = new Set(orders.map(({ ref }) => ref));
    const accepted = [...sender.accepted].filter(({ orderRef }) => refs.has(orderRef));
    claims.push(...judgeShop({ shop, orders, evidence, accepted }));
    claims.push(
      atLeast(`${shop.effectClass}: payments found by reconcile alone`, 1, evidence.foundByReconcile),
    );
    claims.push(
      atLeast(
        `${shop.effectClass}: grants taken back`,
        1,
        evidence.doings.filter(({ kind }) => kind === 'revoke').length,
      ),
    );
    figures.push(
      [`${shop.effectClass}: orders`, orders.length],
      [`${shop.effectClass}: fulfilled`, evidence.doings.filter(({ kind }) => kind === 'fulfill').length],
      [`${shop.effectClass}: revoked`, evidence.doings.filter(({ kind }) => kind === 'revoke').length],
      [`${shop.effectClass}: payments found by reconcile`, evidence.foundByReconcile],
    );
  }
  claims.push(
    atLeast('of ten deliveries accepted', 9, Math.floor(10 * shareAccepted(sender))),
    none('0 processes ended without being told to', fleet.deaths.byThemselves),
    none('all processes ended in good order', new Array<string>(inBadOrder).fill('one was ended by force')),
    atLeast('orders sold', scale.orders, buyers.orders.length),
    atLeast('processes killed', scale.kills, fleet.kills),
    atLeast('database restarted at once', scale.restarts, restarts()),
    atLeast('effects repeated under their key', 1, sink.absorbed()),
    ...STEP_NAMES.map((step) => atLeast(`died at: ${step}`, scale.hitsPerStep, fleet.hits(step))),
    ...[...api.faults].map(([fault, count]) => atLeast(`the vendor's API was ${fault}`, 1, count)),
  );
  figures.push(
    ['deliveries accepted', sender.accepted.size],
    ['deliveries given up by the vendor', sender.exhausted.size],
    ['delivery attempts', sender.deliveryAttempts],
    ['starts repeated', buyers.startsRepeated],
    ['kills at random', fleet.deaths.random],
    ...STEP_NAMES.map((step): Figure => [`kills: ${step}`, fleet.hits(step)]),
    ['immediate restarts of the database', restarts()],
    ["calls of the vendor's API", api.calls()],
    ...[...api.faults].map(([fault, count]): Figure => [`  ${fault}`, count]),
    ['calls of the sink', sink.calls()],
    ...[...sink.faults].map(([fault, count]): Figure => [`  ${fault}`, count]),
    ['  repeated, absorbed by the key', sink.absorbed()],
    ['seconds of faults', Math.round(stormSeconds)],
    ['seconds until all was quiet', Math.round(quietSeconds)],
  );
  return { title: 'The kit', claims, figures };
}

/** Should the vendor have given up on many, the run would prove little. */
function shareAccepted({ accepted, exhausted }: Sender): number {
  return accepted.size / Math.max(1, accepted.size + exhausted.size);
}
