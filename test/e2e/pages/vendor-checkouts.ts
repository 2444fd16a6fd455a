/** The vendors' own pages, as their buyers use them. */
import { expect, type Page } from '@playwright/test';

export class SiglumeCheckout {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async expectAmount(amount: string): Promise<void> {
    await expect(this.#page.getByTestId('amount')).toHaveText(amount);
  }

  async pay(): Promise<void> {
    for (const step of ['sign-in', 'approve', 'pay']) await this.#page.getByTestId(step).click();
  }

  async cancel(): Promise<void> {
    await this.#page.getByTestId('cancel').click();
  }
}

export class LedyerCheckout {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async placeOrder(method: 'invoice' | 'advanceInvoice' | 'card' = 'invoice'): Promise<void> {
    await this.#page.getByTestId(`method-${method}`).check();
    await this.#page.getByTestId('place-order').click();
  }
}
