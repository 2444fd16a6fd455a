/** A merchant who sells through Siglume's sandbox: the kit behind a socket, and one clock for both that stands still. */
import {
  createManualClock,
  createSiglumeSandbox,
  type ManualClock,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import { siglume, type SiglumeOptions } from 'checkout-embed/fulfillment/siglume';
import type { FulfillmentKitOptions, OrderDetail, ReviewReason } from '../../../src/fulfillment/index.js';
import { toNodeHandler } from '../../../src/fulfillment/http/node.js';
import type { AttemptHandle, NextStep, StatusAnswer } from '../../../src/protocol/index.js';
import { closeServers, listen } from '../../support/http.js';
import { ORIGIN, World, type Caller } from './world.js';

/** The sandbox takes returns to loopback names; the page of these tests lies there. */
export const PAGE_ORIGIN = 'http://shop.localhost';
export const PAGE = `${PAGE_ORIGIN}/basket`;
export const MINUTE = 60_000;

export interface Sale {
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Started {
  readonly attempt: AttemptHandle;
  readonly next: NextStep;
}

export class SiglumeShop {
  readonly world: World;
  readonly sandbox: SiglumeSandbox;
  readonly clock: ManualClock;
  /** What an order costs, by the merchant's own books. */
  readonly prices = new Map<string, Sale>();
  kit!: Caller;
  readonly #origin: string;
  #handler: ReturnType<typeof toNodeHandler> | null = null;

  private constructor(world: World, sandbox: SiglumeSandbox, clock: ManualClock, origin: string) {
    this.world = world;
    this.sandbox = sandbox;
    this.clock = clock;
    this.#origin = origin;
  }

  static async open(
    options: Partial<SiglumeOptions> = {},
    kitOptions: Partial<FulfillmentKitOptions> = {},
  ): Promise<SiglumeShop> {
    const world = await World.create();
    let shop: SiglumeShop | null = null;
    const origin = await listen((req, res) => shop?.handle(req, res));
    const clock = createManualClock(Date.parse('2026-06-01T12:00:00Z'));
    const sandbox = await createSiglumeSandbox({
      clock,
      returnOrigins: [PAGE_ORIGIN],
      webhook: { url: `${origin}/checkout/webhooks/siglume` },
    });
    shop = new SiglumeShop(world, sandbox, clock, origin);
    await shop.deploy(options, kitOptions);
    return shop;
  }

  /** A kit in place of the one there was, on the same database: another process, or the next version. */
  async deploy(
    options: Partial<SiglumeOptions> = {},
    kitOptions: Partial<FulfillmentKitOptions> = {},
  ): Promise<void> {
    const { sandbox, world } = this;
    this.kit = await world.kit({
      clock: () => this.clock.now(),
      vendors: [
        siglume({
          merchant: sandbox.merchant,
          merchantToken: sandbox.merchantToken,
          webhookSecrets: [sandbox.webhookSecret],
          returnOrigins: [PAGE_ORIGIN],
          challengeSecret: sandbox.challengeSecret(),
          apiBaseUrl: sandbox.apiBaseUrl,
          ...options,
        }),
      ],
      resolveOrder: (_, { order }) =>
        order === undefined
          ? null
          : { orderRef: order, ...(this.prices.get(order) ?? { amountMinor: 1200, currency: 'JPY' }) },
      ...kitOptions,
    });
    this.#handler = toNodeHandler(this.kit.kit);
  }

  handle(...request: Parameters<ReturnType<typeof toNodeHandler>>): void {
    this.#handler?.(...request);
  }

  /** `POST …/attempts`, over the socket. */
  post(order: string, { key, page = PAGE }: { key?: string; page?: string } = {}): Promise<Response> {
    return fetch(`${this.#origin}/checkout/attempts`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: ORIGIN,
        'x-buyer': 'ada',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      // The amount is nobody's to say but the merchant's: a page that says one is not heard.
      body: JSON.stringify({ v: 1, vendor: 'siglume', order, page, amountMinor: 1, currency: 'USD' }),
    });
  }

  async start(order: string, how: { key?: string; page?: string } = {}): Promise<Started> {
    const response = await this.post(order, how);
    if (response.status !== 201) throw new Error(`start: ${response.status} ${await response.text()}`);
    return (await response.json()) as Started;
  }

  /** Starts until the buyer may go, as the page does. */
  async redirect(order: string): Promise<{ attempt: AttemptHandle; url: string }> {
    const { attempt, next } = await this.start(order);
    if (next.type !== 'redirect') throw new Error(`not a redirect: ${JSON.stringify(next)}`);
    return { attempt, url: next.url };
  }

  /** The buyer pays through the session of this URL; its webhooks have been answered when this resolves. */
  async buy(url: string): Promise<void> {
    this.sandbox.sessions.act(this.sessionOf(url), 'buy');
    await this.sandbox.idle();
  }

  sessionOf(url: string): string {
    return new URL(url).pathname.split('/').at(-1) ?? '';
  }

  status(attempt: AttemptHandle): Promise<StatusAnswer> {
    return this.kit.status(attempt);
  }

  order(ref: string): Promise<OrderDetail> {
    return this.kit.order(ref);
  }

  /** Reasons of the open reviews, of orders and of none. */
  async reviews(): Promise<readonly ReviewReason[]> {
    return (await this.kit.kit.reviews.list({ open: true })).map(({ reason }) => reason);
  }

  /** How often the vendor was asked to open a session. */
  get creations(): number {
    return this.#calls('POST');
  }

  /** How often it was asked how one stands. */
  get readings(): number {
    return this.#calls('GET');
  }

  #calls(method: string): number {
    return this.sandbox.activity
      .list()
      .filter(
        ({ kind, summary }) => kind === 'api' && summary.startsWith(`${method} /v1/sdrp/direct-payments`),
      ).length;
  }

  pass(ms: number): void {
    this.clock.advance(ms);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await closeServers();
    await this.world.close();
  }
}
