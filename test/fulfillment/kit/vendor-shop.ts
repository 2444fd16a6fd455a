/** A merchant who sells through any of the vendors: the real adapter, the vendor's own side, and a kit in between. */
import type { VendorAdapter } from '../../../src/fulfillment/index.js';
import { toNodeHandler } from '../../../src/fulfillment/http/node.js';
import type { AttemptHandle, NextStep } from '../../../src/protocol/index.js';
import { PRICE } from '../../chaos/shops.js';
import type { ApiCall, ChaosVendor, Delivery } from '../../chaos/vendor.js';
import { adapterFor } from '../../chaos/vendors/adapter.js';
import { listen } from '../../support/http.js';
import { World, type Caller } from './world.js';

/** Tables in which a delivery may leave something. */
const TABLES = ['inbox', 'orders', 'subjects', 'effects', 'reviews', 'parked_triggers', 'parked_payments'];

export interface Begun {
  readonly attempt: AttemptHandle;
  readonly next: NextStep;
}

export class VendorShop {
  readonly world: World;
  readonly vendor: ChaosVendor;
  readonly kit: Caller;
  /** While set, the vendor's API answers 503. */
  isApiDown = false;
  /** While set, no connection to the database comes about. */
  isDatabaseDown = false;
  #webhooks = '';
  /** Server processes at whose connections a delivery is being recorded. */
  readonly #receiving: ReadonlySet<number>;
  #release: (() => Promise<void>) | null = null;

  private constructor(world: World, vendor: ChaosVendor, kit: Caller, receiving: ReadonlySet<number>) {
    this.world = world;
    this.vendor = vendor;
    this.kit = kit;
    this.#receiving = receiving;
  }

  /** With the background work of two processes; deliveries come to a third, which does nothing else. */
  static async open(vendor: ChaosVendor, schedule: Parameters<World['kit']>[0] = {}): Promise<VendorShop> {
    const world = await World.create();
    let shop: VendorShop | null = null;
    const api = await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const call: ApiCall = {
          method: request.method ?? 'GET',
          url: new URL(request.url ?? '/', 'http://vendor.test'),
          headers: request.headers as ApiCall['headers'],
          body: Buffer.concat(chunks).toString(),
        };
        const answered = shop?.isApiDown === true ? vendor.refuse(503) : vendor.answer(call);
        void Promise.resolve(answered).then(({ status, body, headers }) => {
          response.writeHead(status, { 'content-type': 'application/json', ...headers });
          response.end(body === null ? '' : JSON.stringify(body));
        });
      });
    });
    const adapter: VendorAdapter = adapterFor(vendor.name, vendor.adapterSettings(api));
    const database = {
      connect: () => (shop?.isDatabaseDown === true ? Promise.reject(unreachable()) : world.pool.connect()),
      query: (text: string, values?: readonly unknown[]) =>
        shop?.isDatabaseDown === true
          ? Promise.reject(unreachable())
          : world.pool.query(text, values === undefined ? [] : [...values]),
    };
    const options: Parameters<World['kit']>[0] = {
      vendors: [adapter],
      clock: Date.now,
      database,
      resolveOrder: (_, { order, plan }) =>
        order === undefined
          ? null
          : {
              orderRef: order,
              ...(plan === undefined ? {} : { planId: plan }),
              ...(vendor.traits.opensInKit ? PRICE : {}),
            },
      ...schedule,
      schedule: {
        sweepIntervalMs: 25,
        retryBaseMs: 20,
        retryMaxMs: 50,
        triggerPauseMs: 20,
        ...schedule.schedule,
      },
    };
    const kit = await world.kit(options, { background: true });
    await world.kit(options, { background: true });
    const receiving = new Set<number>();
    const receiver = await world.kit({
      ...options,
      database: {
        query: database.query,
        connect: async () => {
          const connection = await database.connect();
          const { processID } = connection as { processID?: number };
          const release = connection.release.bind(connection);
          receiving.add(processID!);
          return Object.assign(connection, {
            release: (error?: Error | boolean) => {
              receiving.delete(processID!);
              release(error);
            },
          });
        },
      },
    });
    shop = new VendorShop(world, vendor, kit, receiving);
    shop.#webhooks = `${await listen(toNodeHandler(receiver.kit))}/checkout/webhooks/${vendor.name}`;
    return shop;
  }

  async close(): Promise<void> {
    await this.#release?.();
    await this.world.close();
  }

  /** Everything up to the moment at which a buyer can pay. */
  async begin(order: string): Promise<Begun> {
    const ids = this.vendor.open(order);
    if (ids !== null) await this.kit.kit.linkOrder(order, ids);
    const response = await this.kit.fetch('/attempts', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-buyer': 'ada' },
      body: JSON.stringify({
        v: 1,
        vendor: this.vendor.name,
        order,
        ...(this.vendor.planId === null ? {} : { plan: this.vendor.planId }),
        page: `http://shop.localhost/${order}`,
      }),
    });
    if (response.status !== 201) throw new Error(`start: ${response.status} ${await response.text()}`);
    return (await response.json()) as Begun;
  }

  /** @param body In place of its own, under the headers of its own. */
  deliver(delivery: Delivery, body = delivery.body): Promise<Response> {
    return fetch(this.#webhooks, { method: 'POST', headers: delivery.headers(), body });
  }

  async status(order: string): Promise<string | undefined> {
    return (await this.kit.kit.orders.read(order))?.status;
  }

  /** Whether nothing is left for the background to read or to do. */
  async isQuiet(): Promise<boolean> {
    const { pool, schema } = this.world;
    const { rows } = await pool.query<{ quiet: boolean }>(
      `SELECT NOT EXISTS (SELECT 1 FROM ${schema}.subjects WHERE dirty_gen > clean_gen)
          AND NOT EXISTS (SELECT 1 FROM ${schema}.effects WHERE state <> 'done' AND wanted) AS quiet`,
    );
    return rows[0]?.quiet === true;
  }

  /** Every row that a delivery may have written or changed, as text. */
  async stored(): Promise<string> {
    const { pool, schema } = this.world;
    const texts = [];
    for (const table of TABLES) {
      const { rows } = await pool.query<{ text: string }>(
        `SELECT t::text AS text FROM ${schema}.${table} AS t ORDER BY 1`,
      );
      texts.push(table, ...rows.map(({ text }) => text));
    }
    return texts.join('\n');
  }

  /** Holds every delivery's commit up until `release`, or the end of the shop. */
  async hold(): Promise<{
    readonly isWaitedFor: () => Promise<boolean>;
    readonly release: () => Promise<void>;
  }> {
    const { pool, schema } = this.world;
    const client = await pool.connect();
    const lock = `BEGIN; LOCK TABLE ${schema}.inbox, ${schema}.subjects IN ACCESS EXCLUSIVE MODE`;
    const isDeadlock = (error: unknown): boolean => (error as { code?: string }).code === '40P01';
    // The background may have come to the second table first.
    for (let isHeld = false; !isHeld;) {
      isHeld = await client.query(lock).then(
        () => true,
        async (error: unknown) => {
          await client.query('ROLLBACK');
          if (!isDeadlock(error)) throw error;
          return false;
        },
      );
    }
    this.#release = async () => {
      this.#release = null;
      await client.query('COMMIT');
      client.release();
    };
    return {
      isWaitedFor: async () => {
        const { rows } = await pool.query<{ waits: boolean }>(
          `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid = ANY ($1)) AS waits`,
          [[...this.#receiving]],
        );
        return rows[0]?.waits === true;
      },
      release: async () => this.#release?.(),
    };
  }
}

/** As Node says that nobody listens there. */
function unreachable(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}
