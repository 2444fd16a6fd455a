/**
 * The four naive receivers in the same harness, under the same faults. Each must lose orders or fulfill some twice,
 * or the harness could not see it if the kit did. They are spared what none of them could survive: no delivery is
 * lost for good, and no purchase ends.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Fleet } from './fleet.js';
import type { Arena } from './kit-run.js';
import { NAIVE_NAMES, NAIVE_RECEIVERS, type NaiveName } from './naive/receivers.js';
import type { NaiveSettings } from './naive/main.js';
import type { Figure, Outcome } from './report.js';
import { Sender, type Endpoint } from './sender.js';
import { serveSink, type Sink } from './sink.js';
import { storm } from './storm.js';
import type { LedgerBeeVendor } from './vendors/ledgerbee.js';
import { atLeast } from './verdict.js';

/** Share of deliveries that the vendor sends again although they were accepted. */
const REPEATED = 0.25;
/** Of each receiver. */
const ORDERS_PER_SECOND = 40;
/** Deliveries on their way at a time: more are not begun while the receivers are down. */
const QUEUE = 60;
/** Orders of each between two kills: four backends share them, so they come faster. */
const KILL_EVERY = [1, 5] as const;

/** They verify as the vendor's documentation shows, with the library that it names. */
export type NaiveArena = Omit<Arena, 'vendors'> & { readonly vendor: LedgerBeeVendor };

export async function runNaive(arena: NaiveArena): Promise<Outcome> {
  const { database, vendor, scale } = arena;
  const random = arena.random.fork('naive');
  await createTables(arena);
  const sink = await serveSink(random.fork('sink'));
  arena.atEnd(sink.close);
  const backends = NAIVE_NAMES.map((name) => {
    const own: NaiveSettings = { receiver: name, webhookSecret: vendor.webhookSecret };
    const settings = { databaseUrl: database.url, sinkOrigin: sink.origin, adapters: { ledgerbee: own } };
    const fleet = new Fleet({
      script: arena.script,
      size: { receiver: 2, worker: 0 },
      settings: { ...settings, verbose: arena.verbose },
    });
    arena.atEnd(() => fleet.destroy());
    return { name, fleet, sender: new Sender(random.fork(name)) };
  });
  while (!backends.every(({ fleet }) => fleet.allReady)) await pause(20);

  let selling = true;
  let sold = 0;
  const over = (): boolean => !selling;
  const fleets = backends.map(({ fleet }) => fleet);
  const faults = storm(
    {
      fleets,
      database,
      random,
      killEvery: KILL_EVERY,
      restartEvery: Math.floor(scale.naiveOrders / 2.5),
      atSteps: 0,
      sold: () => sold,
    },
    over,
  );
  const chance = random.fork('repeats');
  for (; sold < scale.naiveOrders; sold += 1) {
    for (const { name, fleet, sender } of backends) {
      const endpoint: Endpoint = {
        origins: () => fleet.origins,
        path: '/',
        accepts: (status) => vendor.accepts(status),
      };
      const orderRef = `${name}-${sold}`;
      const messages = vendor.sell(orderRef);
      sender.sendTogether(messages, endpoint);
      for (const message of messages) if (chance.chance(REPEATED)) sender.send(message, endpoint);
    }
    do await pause(1_000 / ORDERS_PER_SECOND);
    while (backends.some(({ sender }) => sender.open > QUEUE));
  }
  selling = false;
  await faults;
  while (!backends.every(({ sender }) => sender.idle)) await pause(50);
  await Promise.all(fleets.map((fleet) => fleet.end()));

  const caught = backends.map(({ name, fleet, sender }) => ({
    name,
    kills: fleet.kills,
    accepted: sender.accepted.size,
    ...fateOf(sender, sink),
  }));
  return {
    title: 'The naive receivers, which must fail',
    claims: caught.map(({ name, lost, twice }) =>
      atLeast(`${wordsOf(name)} is caught: ${lost} lost, ${twice} twice`, 1, lost + twice),
    ),
    figures: caught.flatMap(({ name, kills, accepted, lost, twice }): Figure[] => [
      [`${wordsOf(name)}: orders`, scale.naiveOrders],
      ['  kills', kills],
      ['  deliveries accepted', accepted],
      ['  lost', lost],
      ['  fulfilled twice or more', twice],
    ]),
  };
}

async function createTables({ database }: NaiveArena): Promise<void> {
  await database.withClient(async (client) => {
    for (const name of NAIVE_NAMES) {
      const tables = ['orders (ref text PRIMARY KEY, fulfilled boolean)', ...NAIVE_RECEIVERS[name].tables];
      await client.query(`CREATE SCHEMA naive_${name}`);
      for (const table of tables) await client.query(`CREATE TABLE naive_${name}.${table}`);
    }
  });
}

/** Of the orders of which a delivery was accepted: the others are not the receiver's to have lost. */
function fateOf(sender: Sender, sink: Sink): { readonly lost: number; readonly twice: number } {
  const times = new Map([...sender.accepted].map(({ orderRef }) => [orderRef, 0]));
  for (const { orderRef } of sink.doings) {
    const before = times.get(orderRef);
    if (before !== undefined) times.set(orderRef, before + 1);
  }
  const counts = [...times.values()];
  return {
    lost: counts.filter((done) => done === 0).length,
    twice: counts.filter((done) => done > 1).length,
  };
}

function wordsOf(name: NaiveName): string {
  return name.replaceAll('_', ' ');
}
