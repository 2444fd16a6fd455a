/** A kit with its Ledyer adapter over real HTTP, the vendor's sandbox, and one clock for both that the test moves. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLedyerSandbox,
  createManualClock,
  type LedyerPurchase,
  type LedyerSandbox,
  type ManualClock,
} from 'checkout-embed/testing';
import type { FulfillmentKitOptions, OrderLink } from '../../../src/fulfillment/index.js';
import { toNodeHandler } from '../../../src/fulfillment/http/node.js';
import { ledyer, type LedyerAdapter } from '../../../src/fulfillment/vendors/ledyer/index.js';
import { optionsFor } from '../../support/ledyer.js';
import { ORIGIN, World, type Caller } from './world.js';

/** What the sandbox's sample session comes to. */
export const TOTAL = { amountMinor: 625_000, currency: 'SEK' } as const;

export class LedyerShop {
  readonly world: World;
  readonly sandbox: LedyerSandbox;
  readonly adapter: LedyerAdapter;
  readonly kit: Caller;
  readonly webhookUrl: string;
  readonly #clock: ManualClock;
  readonly #server: Server;

  private constructor(
    world: World,
    sandbox: LedyerSandbox,
    clock: ManualClock,
    adapter: LedyerAdapter,
    kit: Caller,
    server: Server,
    webhookUrl: string,
  ) {
    this.world = world;
    this.sandbox = sandbox;
    this.#clock = clock;
    this.adapter = adapter;
    this.kit = kit;
    this.#server = server;
    this.webhookUrl = webhookUrl;
  }

  static async open(options: Partial<FulfillmentKitOptions> = {}): Promise<LedyerShop> {
    const world = await World.create();
    const server = createServer((request, response) => handler(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkout/webhooks/ledyer`;
    const clock = createManualClock();
    const sandbox = await createLedyerSandbox({ clock, notifications: { url } });
    const adapter = ledyer(optionsFor(sandbox));
    const kit = await world.kit({ vendors: [adapter], ...options });
    const handler = toNodeHandler(kit.kit);
    return new LedyerShop(world, sandbox, clock, adapter, kit, server, url);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await this.world.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Opens a session, and links it unless told not to. */
  async sell(
    orderRef: string,
    link: Partial<OrderLink> | null = TOTAL,
    sample: Parameters<LedyerSandbox['purchases']['open']>[0] = {},
  ): Promise<{ readonly sessionId: string; readonly orderId: string; readonly purchase: LedyerPurchase }> {
    const purchase = this.sandbox.purchases.open(sample);
    const ids = { sessionId: purchase.session.id, orderId: purchase.orderId ?? '' };
    if (link !== null) {
      const linked = await this.kit.kit.linkOrder(orderRef, {
        sessionId: ids.sessionId,
        ...(purchase.orderId === null ? {} : { orderId: purchase.orderId }),
        ...link,
      });
      if (!linked.linked) throw new Error(linked.reason);
    }
    return { ...ids, purchase };
  }

  /** Lets the time pass at the vendor and here, and everything follow that does. */
  async pass(ms = 1_000): Promise<void> {
    this.world.pass(ms);
    this.#clock.advance(ms);
    await this.settle();
  }

  /** What is on its way arrives, and what it asks for is done. */
  async settle(): Promise<void> {
    await this.sandbox.idle();
    await this.kit.tick();
  }

  /** One notification, as anybody can send it. */
  notify(body: unknown, url = this.webhookUrl): Promise<Response> {
    return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  /** A page that asks how an order stands. */
  start(order: string): Promise<Response> {
    return this.kit.fetch('/attempts', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-buyer': 'ada' },
      body: JSON.stringify({ v: 1, vendor: 'ledyer', order, page: `${ORIGIN}/thanks` }),
    });
  }

  async status(orderRef: string): Promise<string | undefined> {
    return (await this.kit.kit.orders.read(orderRef))?.status;
  }

  /** Calls the sandbox's API was asked, whose line holds `part`. */
  calls(part: string): number {
    const api = this.sandbox.activity.list().filter(({ kind }) => kind === 'api');
    return api.filter(({ summary }) => summary.includes(part)).length;
  }
}

/** A body in the flat shape. */
export function flat(eventType: string, ids: Readonly<Record<string, string>>): Record<string, string> {
  return { eventType: `com.ledyer.${eventType}`, merchantId: 'ac_x', storeId: '9700000000', ...ids };
}
