/** The merchant's page: what a buyer does on it, and what the backend says happened. */
import { expect, type BrowserContext, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { OrderDetail } from 'checkout-embed/fulfillment';
import type { CheckoutEmbed, Diagnosis, OrderStatus } from 'checkout-embed/element';
import { askDemo, tellDemo } from './demo-calls.js';

export interface Grant {
  readonly orderRef: string;
  readonly subscriptionId: string | null;
  readonly revokedAt: string | null;
}

export interface SandboxSubscription {
  readonly id: string;
  readonly status: string;
  readonly partnerReferenceId: string | null;
}

export interface SandboxDelivery {
  readonly topic: string;
  readonly body: string;
  readonly state: 'pending' | 'delivered' | 'failed' | 'lost';
}

export interface StartOptions {
  readonly buyer: 'ida' | 'karl' | null;
  readonly scenario?: string;
  /** How often the scenario happens; left out: until it is switched off. */
  readonly times?: number;
  /** The page's query, e.g. `surface=forced`. */
  readonly query?: string;
}

export class ShopPage {
  readonly page: Page;
  readonly embed: Locator;
  readonly frame: FrameLocator;
  readonly access: Locator;

  constructor(page: Page) {
    this.page = page;
    this.embed = page.locator('checkout-embed');
    this.frame = page.frameLocator('checkout-embed iframe');
    this.access = page.getByTestId('access');
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(query === '' ? '/' : `/?${query}`);
  }

  async reset(): Promise<void> {
    await tellDemo(this.page, 'reset', {});
  }

  /** A fresh order as this buyer, under this scenario, and the page that shows it. @returns the order's reference. */
  async start({ buyer, scenario, times, query }: StartOptions): Promise<string> {
    const answer = await tellDemo(this.page, 'start', {
      buyer,
      scenario: scenario ?? null,
      ...(times === undefined ? {} : { times }),
    });
    await this.open(query);
    return String(answer['order']);
  }

  /** The element's own word for where the buyer is. */
  async expectState(state: string | RegExp): Promise<void> {
    await expect(this.embed).toHaveAttribute('data-state', state);
  }

  /** The vendor's `embed.js` has come. */
  async expectVendorScript(): Promise<void> {
    const have = (): boolean =>
      performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/embed.js'));
    await expect.poll(() => this.page.evaluate(have)).toBe(true);
  }

  async grantsOf(orderRef: string): Promise<readonly Grant[]> {
    return (await askDemo(this.page, `grants?order=${encodeURIComponent(orderRef)}`)) as readonly Grant[];
  }

  /** The rows that the merchant's effect wrote: one for an order, whatever came twice. */
  async expectGrantedOnce(orderRef: string): Promise<void> {
    await expect.poll(async () => (await this.grantsOf(orderRef)).length).toBe(1);
    // Everything that is still under way is done by now: a second grant would be there.
    await tellDemo(this.page, 'quiet', {});
    expect(await this.grantsOf(orderRef)).toHaveLength(1);
  }

  async subscriptions(): Promise<readonly SandboxSubscription[]> {
    return (await askDemo(this.page, 'subscriptions')) as readonly SandboxSubscription[];
  }

  /** What the backend knows of the order; `null` before the first attempt. */
  async order(ref: string): Promise<OrderDetail | null> {
    return (await askDemo(this.page, `order?ref=${encodeURIComponent(ref)}`)) as OrderDetail | null;
  }

  /** Deliveries about this order that our webhook receiver said yes to. */
  async acceptedDeliveries(orderRef: string): Promise<readonly SandboxDelivery[]> {
    const all = (await askDemo(this.page, 'deliveries')) as readonly SandboxDelivery[];
    return all.filter(({ body, state }) => body.includes(`"${orderRef}"`) && state === 'delivered');
  }

  /** Everything is delivered and done, as far as it can be now. */
  async quiet(): Promise<void> {
    await tellDemo(this.page, 'quiet', {});
  }

  /** The one subscription that is there now and was not before. */
  async newSubscription(before: readonly SandboxSubscription[]): Promise<SandboxSubscription> {
    const known = new Set(before.map(({ id }) => id));
    const fresh = async (): Promise<readonly SandboxSubscription[]> =>
      (await this.subscriptions()).filter(({ id }) => !known.has(id));
    await expect.poll(async () => (await fresh()).length).toBe(1);
    return (await fresh())[0]!;
  }

  /** Another tab of the same visitor. */
  async inNewTab(context: BrowserContext): Promise<ShopPage> {
    const tab = new ShopPage(await context.newPage());
    await tab.open();
    return tab;
  }

  /** What the page's console warns of from now on. */
  collectWarnings(): readonly string[] {
    const warnings: string[] = [];
    this.page.on('console', (message) => {
      if (message.type() === 'warning' || message.type() === 'error') warnings.push(message.text());
    });
    return warnings;
  }

  async diagnosis(): Promise<Diagnosis | null> {
    return this.embed.evaluate((element: CheckoutEmbed) => element.diagnosis);
  }

  get origin(): string {
    return new URL(this.page.url()).origin;
  }

  /** Listens by the time it resolves; what it gives waits for the event. */
  nextVendorEvent(name: string): Promise<() => Promise<void>> {
    return this.#nextEvent(`ledgerbee:embed:${name}`);
  }

  /** Listens by the time it resolves; what it gives waits for the event. */
  nextElementEvent(name: string): Promise<() => Promise<void>> {
    return this.#nextEvent(name);
  }

  /** Lets the backend's word on every attempt be this one: for states that no scenario of the vendor ends in. */
  async answerStatus(status: OrderStatus): Promise<void> {
    await this.page.route(/\/checkout\/attempts\/[^/]+(\/events)?$/, async (route) => {
      if (route.request().method() !== 'GET') return route.fallback();
      const body = JSON.stringify({ v: 1, status });
      return route.request().url().endsWith('/events')
        ? route.fulfill({ contentType: 'text/event-stream', body: `data: ${body}\n\n` })
        : route.fulfill({ contentType: 'application/json', body });
    });
  }

  /** As any script on the page could: the console's button does the same. */
  async forgeConfirmation(): Promise<void> {
    await this.page.getByRole('button', { name: 'Forge a confirmation' }).click();
  }

  /**
   * The element's events bubble to the window, where the vendor's are dispatched. In two steps: the frame is another
   * process, and what happens there may overtake a call to the page.
   */
  async #nextEvent(name: string): Promise<() => Promise<void>> {
    const happened = await this.page.evaluateHandle(
      (type) => ({
        promise: new Promise<void>((resolve) =>
          window.addEventListener(type, () => resolve(), { once: true }),
        ),
      }),
      name,
    );
    return () => happened.evaluate(({ promise }) => promise);
  }
}
