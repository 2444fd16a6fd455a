/** A kit in a schema of its own, a vendor the test speaks for, a clock that stands still until it is moved. */
import type pg from 'pg';
import {
  createFulfillmentKit,
  transactionEffect,
  type FulfillmentKit,
  type FulfillmentKitOptions,
  type Identity,
  type LogEntry,
  type OpenedReview,
  type OrderDetail,
} from '../../../src/fulfillment/index.js';
import type { AttemptHandle, NextStep, SignalKind, StatusAnswer } from '../../../src/protocol/index.js';
import { FakeVendor, type Delivery } from './fake-vendor.js';
import { Schemas } from './schemas.js';

export const ORIGIN = 'http://shop.test';
const START = Date.parse('2026-06-01T12:00:00Z');

/** One database per test file; a schema per test. */
let schemas: Schemas | null = null;

/** After each file: see `leave-nothing.ts`. */
export async function dropSchemas(): Promise<void> {
  const used = schemas;
  schemas = null;
  await used?.drop();
}

export class World {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly vendor = new FakeVendor();
  readonly logs: LogEntry[] = [];
  readonly reviews: OpenedReview[] = [];
  readonly deadLetters: OpenedReview[] = [];
  /** Who the request's `x-buyer` header is to the merchant. */
  readonly buyers: Record<string, Identity> = {
    ada: { email: 'ada@example.test', customerId: 'cus-ada' },
    bob: { email: 'bob@example.test', customerId: 'cus-bob' },
  };
  now = START;
  readonly schema: string;
  readonly #schemas: Schemas;
  readonly #kits: FulfillmentKit[] = [];

  private constructor(from: Schemas, { pool, url, schema }: Awaited<ReturnType<Schemas['take']>>) {
    this.#schemas = from;
    this.pool = pool;
    this.url = url;
    this.schema = schema;
  }

  static async create(): Promise<World> {
    schemas ??= new Schemas();
    return new World(schemas, await schemas.take());
  }

  /** A kit that is started but works only when ticked, unless `background`. */
  async kit(
    options: Partial<FulfillmentKitOptions> = {},
    { background = false }: { background?: boolean } = {},
  ): Promise<Caller> {
    const kit = createFulfillmentKit({
      database: this.pool,
      schema: this.schema,
      origins: [ORIGIN],
      identify: (request) => this.buyers[request.headers.get('x-buyer') ?? ''] ?? null,
      resolveOrder: (_, body) =>
        body.order === undefined
          ? null
          : { orderRef: body.order, ...(body.plan === undefined ? {} : { planId: body.plan }) },
      vendors: [this.vendor],
      unreferenced: 'fulfill',
      effects: { fulfill: this.#record('fulfill'), revoke: this.#record('revoke') },
      clock: () => this.now,
      log: (entry) => this.logs.push(entry),
      onReview: (review) => void this.reviews.push(review),
      onDeadLetter: (review) => void this.deadLetters.push(review),
      // By a clock that stands still nobody earns another call.
      rateLimits: false,
      ...options,
    });
    await kit.start({ background });
    this.#kits.push(kit);
    return new Caller(kit);
  }

  /** Rows the merchant's effects wrote. */
  async granted(
    kind = 'fulfill',
  ): Promise<readonly { order_ref: string; effect_key: string; subscription_id: string }[]> {
    const { rows } = await this.pool.query<{
      order_ref: string;
      effect_key: string;
      subscription_id: string;
    }>(`SELECT * FROM ${this.schema}.granted WHERE kind = $1 ORDER BY effect_key`, [kind]);
    return rows;
  }

  pass(ms: number): void {
    this.now += ms;
  }

  async close(): Promise<void> {
    await Promise.all(this.#kits.map((kit) => kit.close({ finishMs: 0 })));
    await this.#schemas.giveBack(this.schema);
  }

  #record(kind: string) {
    return transactionEffect(async ({ order, key, evidence, tx }) => {
      await tx.query(`INSERT INTO ${this.schema}.granted VALUES ($1, $2, $3, $4)`, [
        order.ref,
        key,
        kind,
        evidence.subscriptionId ?? null,
      ]);
    });
  }
}

/** The calls of a page and of the vendor, by HTTP's own types. */
export class Caller {
  readonly kit: FulfillmentKit;
  constructor(kit: FulfillmentKit) {
    this.kit = kit;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('origin')) headers.set('origin', ORIGIN);
    return this.kit.fetch(new Request(`http://api.test/checkout${path}`, { ...init, headers }));
  }

  async start(
    order: string,
    { buyer = 'ada', plan, key }: { buyer?: string; plan?: string; key?: string } = {},
  ): Promise<{ attempt: AttemptHandle; next: NextStep }> {
    const response = await this.fetch('/attempts', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-buyer': buyer,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify({ v: 1, vendor: 'ledgerbee', order, plan, page: `${ORIGIN}/pricing` }),
    });
    if (response.status !== 201) throw new Error(`start: ${response.status} ${await response.text()}`);
    return (await response.json()) as { attempt: AttemptHandle; next: NextStep };
  }

  async status(attempt: AttemptHandle): Promise<StatusAnswer> {
    const response = await this.about(attempt, '');
    if (response.status !== 200) throw new Error(`status: ${response.status} ${await response.text()}`);
    return (await response.json()) as StatusAnswer;
  }

  /** A call with the attempt's token. */
  about(attempt: AttemptHandle, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${attempt.token}`);
    return this.fetch(`/attempts/${attempt.id}${path}`, { ...init, headers });
  }

  bindToken(attempt: AttemptHandle, buyer = 'ada'): Promise<Response> {
    return this.about(attempt, '/bind-token', { method: 'POST', headers: { 'x-buyer': buyer } });
  }

  signal(attempt: AttemptHandle, kind: SignalKind, key: string = crypto.randomUUID()): Promise<Response> {
    return this.about(attempt, '/signals', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ v: 1, key, kind, at: '2026-06-01T12:00:00Z' }),
    });
  }

  deliver(delivery: Delivery, signature = 'good'): Promise<Response> {
    const { id, ...content } = delivery;
    return this.kit.fetch(
      new Request('http://api.test/checkout/webhooks/ledgerbee', {
        method: 'POST',
        headers: { 'x-id': id, 'x-signature': signature, 'content-type': 'application/json' },
        body: JSON.stringify(content),
      }),
    );
  }

  async order(ref: string): Promise<OrderDetail> {
    const order = await this.kit.orders.read(ref);
    if (order === null) throw new Error(`no order ${ref}`);
    return order;
  }

  tick(): Promise<void> {
    return this.kit.tick();
  }
}

/** Long only on a machine that is busy with other things, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Resolves once `check` holds; for what the kit does by itself. */
export async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
