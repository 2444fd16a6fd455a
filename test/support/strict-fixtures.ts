/** A strict page for each test: opened under a policy, sold on, and asked what the browser complained of. */
import { test as base, expect, type Page } from '@playwright/test';
import type { CheckoutEmbed, Diagnosis } from 'checkout-embed/element';
import { PortalCheckout } from '../e2e/pages/portal-frame.js';
import { StrictPolicy } from './strict-policy.js';
import { SCRIPTS } from './strict-server.js';
import { openStrictShop, type StrictShop } from './strict-shop.js';

export interface StrictPageOptions {
  readonly policy: StrictPolicy;
  /** Further headers of the page. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Added to the tag. */
  readonly attributes?: string;
  /** In place of the one module of the page. */
  readonly head?: string;
  /** In place of the tag. */
  readonly body?: string;
}

export class StrictPage {
  readonly page: Page;
  readonly #shop: StrictShop;
  readonly #errors: string[] = [];
  #order = '';

  constructor(page: Page, shop: StrictShop) {
    this.page = page;
    this.#shop = shop;
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(String(error)));
  }

  /** A page that sells a new order. */
  async open({ policy, headers = {}, attributes = '', head, body }: StrictPageOptions): Promise<void> {
    this.#order = `order-${crypto.randomUUID()}`;
    // Registered in the page itself: also what happens before its first script.
    await this.page.addInitScript(() => {
      const list: string[] = [];
      Object.assign(window, { complaints: list });
      document.addEventListener('securitypolicyviolation', (event) =>
        list.push(`${event.effectiveDirective} ${event.blockedURI}`),
      );
      const noteScript = ({ target }: Event): void => {
        if (target instanceof HTMLScriptElement) list.push(`failed ${target.src}`);
      };
      window.addEventListener('error', noteScript, true);
    });
    const tag = `<checkout-embed portal="${this.#shop.portalOrigin}" plan="pro-plan" target="inline"
      handoff-url="/checkout" order="${this.#order}" ${attributes}></checkout-embed>`;
    const url = this.#shop.show({
      headers: { 'Content-Security-Policy': policy.header, ...headers },
      html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Strict</title>
        ${head ?? moduleTag()}<body>${body?.replace('order-1042', this.#order) ?? tag}`,
    });
    await this.page.goto(url);
  }

  /** A bound buyer's whole way, to the end that only the backend can say. */
  async sell(): Promise<void> {
    const portal = new PortalCheckout(this.page.frameLocator('checkout-embed iframe'));
    await portal.choose();
    await this.confirmBound();
  }

  /** From the form to the end, as a buyer whom the backend has bound to the order. */
  async confirmBound(): Promise<void> {
    const portal = new PortalCheckout(this.page.frameLocator('checkout-embed iframe'));
    await portal.expectForm();
    await portal.confirm();
    await this.expectState('settled');
    expect(this.#shop.granted).toContain(this.#order);
  }

  async expectState(state: string | RegExp): Promise<void> {
    await expect(this.page.locator('checkout-embed')).toHaveAttribute('data-state', state);
  }

  /** A buyer whom no backend could bind. */
  async checkOutAnonymously(): Promise<void> {
    const portal = new PortalCheckout(this.page.frameLocator('checkout-embed iframe'));
    await portal.choose();
    await portal.confirm(`${this.#order}@buyer.example`);
  }

  /** Whether markup could bring its own style. */
  async takesInlineStyle(): Promise<boolean> {
    return this.page.evaluate(() => {
      document.body.setAttribute('style', 'color: rgb(1, 2, 3)');
      return getComputedStyle(document.body).color === 'rgb(1, 2, 3)';
    });
  }

  /** Whether a string becomes the address of a script. */
  async takesScriptUrl(): Promise<boolean> {
    return this.page.evaluate(() => {
      try {
        document.createElement('script').src = '/never-inserted.js';
        return true;
      } catch {
        return false;
      }
    });
  }

  async frameMayAskForPayment(): Promise<boolean> {
    const frame = this.page.frames().find((one) => one !== this.page.mainFrame())!;
    return frame.evaluate(() =>
      (
        document as unknown as { featurePolicy: { allowsFeature(name: string): boolean } }
      ).featurePolicy.allowsFeature('payment'),
    );
  }

  /** The module has not run to its end. */
  async expectUnregistered(): Promise<void> {
    await expect.poll(() => this.#errors.length).toBeGreaterThan(0);
    expect(await this.page.evaluate(() => customElements.get('checkout-embed') === undefined)).toBe(true);
  }

  /** The element names the cause of the silence. */
  async expectDiagnosis(code: Diagnosis['code'], copy?: string): Promise<void> {
    const read = async (): Promise<Diagnosis | null> =>
      this.page.locator('checkout-embed').evaluate((element: CheckoutEmbed) => element.diagnosis);
    await expect.poll(async () => (await read())?.code).toBe(code);
    if (copy !== undefined) expect((await read())?.fix.copy).toBe(copy);
  }

  /** What was blocked, did not load, was logged as an error or was not caught, on the page or in its frame. */
  async complaints(): Promise<readonly string[]> {
    const violations = await this.page.evaluate(
      () => (window as unknown as { complaints: readonly string[] }).complaints,
    );
    return [...violations, ...this.#errors];
  }
}

export function moduleTag(attributes = '', src = `${SCRIPTS}/checkout-embed.js`): string {
  return `<script type="module" ${attributes} src="${src}"></script>`;
}

interface Fixtures {
  readonly strict: StrictPage;
  readonly policy: StrictPolicy;
  readonly ownNetwork: undefined;
}

export const test = base.extend<Fixtures, { readonly shop: StrictShop }>({
  shop: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern.
    async ({}, use) => {
      const shop = await openStrictShop();
      await use(shop);
      await shop.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  strict: async ({ page, shop }, use) => use(new StrictPage(page, shop)),
  policy: async ({ shop }, use) => use(await StrictPolicy.ofReadme(shop.portalOrigin)),
  ownNetwork: [
    async ({ context, shop }, use) => {
      const strangers: string[] = [];
      const ours = [shop.origin, shop.portalOrigin];
      await context.route(
        (url) => url.protocol.startsWith('http') && !ours.includes(url.origin),
        async (route) => {
          strangers.push(route.request().url());
          await route.abort();
        },
      );
      await use(undefined);
      expect(strangers, 'requests to a host that is not ours').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
