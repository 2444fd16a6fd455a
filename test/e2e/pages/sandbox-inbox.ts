/** The sandbox's inbox in another tab: where an anonymous buyer's magic link arrives. */
import { expect, type BrowserContext } from '@playwright/test';

export class SandboxInbox {
  readonly #context: BrowserContext;
  readonly #portalOrigin: string;

  constructor(context: BrowserContext, portalOrigin: string) {
    this.#context = context;
    this.#portalOrigin = portalOrigin;
  }

  /** Opens the link sent to the address, as a buyer does, and closes both tabs again. */
  async openLinkFor(email: string): Promise<void> {
    const inbox = await this.#context.newPage();
    await inbox.goto(`${this.#portalOrigin}/_sandbox/inbox`);
    const mail = inbox.getByTestId('mail').filter({ hasText: email });
    const opened = this.#context.waitForEvent('page');
    await mail.getByRole('link', { name: 'Confirm subscription' }).click();
    const landing = await opened;
    await expect(landing.getByRole('heading', { name: 'Your subscription has begun' })).toBeVisible();
    await landing.close();
    await inbox.close();
  }
}
