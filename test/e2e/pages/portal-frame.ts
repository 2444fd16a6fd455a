/** The vendor's side of a checkout, as its buyer uses it: in the frame, or in a tab of its own. */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

export class PortalCheckout {
  readonly #root: FrameLocator | Page;

  constructor(root: FrameLocator | Page) {
    this.#root = root;
  }

  get cards(): Locator {
    return this.#root.getByRole('button', { name: 'Choose monthly' });
  }

  async choose(button = 'Choose monthly'): Promise<void> {
    await this.#root.getByRole('button', { name: button }).click();
  }

  /** The session is made, and the form knows its buyer. */
  async expectForm(): Promise<void> {
    await expect(this.#root.getByText('Subscribing as')).toBeVisible();
  }

  /** Fills in what is asked and confirms. `email` only where nobody is bound. */
  async confirm(email?: string): Promise<void> {
    if (email !== undefined) await this.#root.getByRole('textbox', { name: /e-?mail/i }).fill(email);
    await this.#root.getByRole('checkbox', { name: /terms/i }).check();
    await this.#root.getByRole('button', { name: /confirm|subscribe/i }).click();
  }

  async cancel(): Promise<void> {
    await this.#root.getByRole('button', { name: /cancel|back/i }).click();
  }
}
