/** A browser, a merchant's page and a sandbox, fresh for each test of a file. */
import { createLedgerBeeSandbox, type LedgerBeeSandbox } from 'checkout-embed/testing';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { requireBrowser } from '../../support/find-browser.js';
import { mintBindRef } from './client.js';
import { type HostPage, startHostPage } from './host-page.js';

export class PortalFixture {
  declare host: HostPage;
  declare sandbox: LedgerBeeSandbox;
  declare page: Page;

  get monthlyId(): string {
    return this.sandbox.plans.pro.items.monthly.id;
  }

  /** The ids that every event of an item carries. Default: the monthly item's. */
  ids(planItemId = this.monthlyId): { readonly planVersionId: string; readonly planItemId: string } {
    return { planVersionId: this.sandbox.plans.pro.versionId, planItemId };
  }

  /** The monthly item's forced checkout. */
  get forcedPath(): string {
    return `/embed/checkout/pro-plan/${this.monthlyId}`;
  }

  /** Opens the host page around one surface. @param provider Source of `fetchBindToken`, if there is one. */
  async open(path: string, provider?: string): Promise<FrameLocator> {
    const register =
      provider === undefined
        ? ''
        : `<script>window.LedgerBeeEmbed = { fetchBindToken: ${provider} };</script>`;
    this.host.serve(register + this.sandbox.snippet(path));
    await this.page.goto(this.host.origin);
    return this.page.frameLocator('iframe');
  }

  /** As {@link open}, for a buyer the merchant knows. */
  async openBound(path: string, reference = 'order-1'): Promise<FrameLocator> {
    await this.page.exposeFunction('mintBindRef', () => mintBindRef(this.sandbox, reference));
    return this.open(path, '() => window.mintBindRef()');
  }
}

export function usePortal(): PortalFixture {
  const fixture = new PortalFixture();
  let browser: Browser;
  beforeAll(async () => {
    const { executablePath } = requireBrowser();
    browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
    fixture.host = await startHostPage();
  });
  afterAll(async () => {
    await browser.close();
    await fixture.host.close();
  });
  beforeEach(async () => {
    fixture.sandbox = await createLedgerBeeSandbox({ partnerOrigins: [fixture.host.origin] });
    fixture.page = await (await browser.newContext()).newPage();
    fixture.page.setDefaultTimeout(20_000);
  });
  afterEach(async () => {
    await fixture.page.context().close();
    await fixture.sandbox.close();
  });
  return fixture;
}

/** Accepts the terms and confirms; an anonymous buyer types an address first. */
export async function fillCheckout(frame: FrameLocator | Page, email?: string): Promise<void> {
  if (email !== undefined) await frame.getByLabel('E-mail address').fill(email);
  await frame.getByRole('checkbox', { name: /accept the terms/ }).check();
  await frame.getByTestId('confirm').click();
}
