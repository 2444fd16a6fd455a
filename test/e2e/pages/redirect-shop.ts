/** The shop's tabs of Siglume and Ledyer, whose buyers leave the page and come back to it. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { OrderDetail } from 'checkout-embed/fulfillment';
import type { RedirectState } from 'checkout-embed/redirect';
import type {
  LedyerActivityEntry,
  LedyerNotification,
  LedyerScenarioName,
  SiglumeCheckoutSession,
  SiglumeDelivery,
  SiglumeFaultName,
} from 'checkout-embed/testing';
import type { ShopVendor } from '../../../demo/pages/settings.js';
import { askDemo, tellDemo } from './demo-calls.js';
import type { Grant } from './shop-page.js';

interface Switched {
  readonly name: SiglumeFaultName | LedyerScenarioName;
  readonly times?: number;
}

export class RedirectShop {
  readonly page: Page;
  readonly vendor: Exclude<ShopVendor, 'ledgerbee'>;
  readonly redirect: Locator;
  readonly access: Locator;
  #order = '';

  constructor(page: Page, vendor: Exclude<ShopVendor, 'ledgerbee'>) {
    this.page = page;
    this.vendor = vendor;
    this.redirect = page.locator('checkout-redirect');
    this.access = page.getByTestId('access');
  }

  /** A fresh order under these scenarios, on its tab; the page must be one of the shop's. */
  async start(
    scenarios: readonly Switched[] = [],
    query: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const body = { vendor: this.vendor, scenarios, buyer: null, ...query };
    this.#order = String((await tellDemo(this.page, 'start', body))['order']);
    await this.page.goto(`/?${new URLSearchParams({ vendor: this.vendor, ...query }).toString()}`);
  }

  get orderRef(): string {
    return this.#order;
  }

  get button(): Locator {
    return this.redirect.getByRole('button');
  }

  async goToCheckout(): Promise<void> {
    await this.page.getByRole('button', { name: /continue to payment|to checkout/i }).click();
  }

  /** The start waits until both clicks are done: the second is not to meet the vendor's page. */
  async doubleClick(button = this.button): Promise<void> {
    let done = (): void => undefined;
    const clicked = new Promise<void>((resolve) => (done = resolve));
    await this.page.route('**/checkout/attempts', async (route) => {
      await clicked;
      await route.continue();
    });
    await button.dblclick();
    done();
  }

  async expectState(state: RedirectState): Promise<void> {
    await expect(this.redirect).toHaveAttribute('data-state', state);
  }

  /** The rows that the merchant's effect wrote. */
  async grants(): Promise<readonly Grant[]> {
    return (await askDemo(this.page, `grants?order=${this.#order}`)) as readonly Grant[];
  }

  async expectGrantedOnce(): Promise<void> {
    await expect.poll(async () => (await this.grants()).length).toBe(1);
    // Everything that is still under way is done by now: a second grant would be there.
    await this.quiet();
    expect(await this.grants()).toHaveLength(1);
  }

  /** What the backend knows; `null` before the first attempt. */
  async order(): Promise<OrderDetail | null> {
    return (await askDemo(this.page, `order?ref=${this.#order}`)) as OrderDetail | null;
  }

  /** Everything is delivered and done, as far as it can be now. */
  async quiet(): Promise<void> {
    await tellDemo(this.page, 'quiet', {});
  }

  /** What the vendor or its people do to the order. */
  async act(name: string): Promise<void> {
    await tellDemo(this.page, 'act', { vendor: this.vendor, act: name, order: this.#order });
  }

  /** Of this order. */
  async siglumeSessions(): Promise<readonly SiglumeCheckoutSession[]> {
    const all = (await askDemo(this.page, 'siglume-sessions')) as readonly SiglumeCheckoutSession[];
    return all.filter(({ metadata }) => JSON.stringify(metadata).includes(this.#order));
  }

  /** About this order. */
  async siglumeDeliveries(): Promise<readonly SiglumeDelivery[]> {
    const hashes = (await this.siglumeSessions()).map(({ challengeHash }) => challengeHash);
    const all = (await askDemo(this.page, 'siglume-deliveries')) as readonly SiglumeDelivery[];
    return all.filter(({ body }) => hashes.some((hash) => body.includes(hash)));
  }

  /** Ledyer's own id of the order. */
  async ledyerOrderId(): Promise<string> {
    const subject = (await this.order())?.subjects[0]?.subject;
    expect(subject).toMatch(/^or_/);
    return subject!;
  }

  /** About this order. */
  async ledyerNotifications(): Promise<readonly LedyerNotification[]> {
    const orderId = await this.ledyerOrderId();
    const all = (await askDemo(this.page, 'ledyer-notifications')) as readonly LedyerNotification[];
    return all.filter(({ subject }) => subject === orderId);
  }

  /** Calls of Ledyer's API about this order, as `POST /v1/… → 200`. */
  async ledyerCalls(): Promise<readonly string[]> {
    const orderId = await this.ledyerOrderId();
    const all = (await askDemo(this.page, 'ledyer-activity')) as readonly LedyerActivityEntry[];
    const summaries = all.filter(({ kind }) => kind === 'api').map(({ summary }) => summary);
    return summaries.filter((summary) => summary.includes(orderId));
  }
}
