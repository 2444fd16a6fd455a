/** The QA console beside the shop: what a tester presses, and what its board says. */
import { expect, type Locator, type Page } from '@playwright/test';

type WayKind = 'state' | 'code' | 'siglume' | 'ledyer';

export class QaConsole {
  readonly #page: Page;
  readonly outcome: Locator;
  readonly diagnosis: Locator;
  /** The exact value that mends it. */
  readonly valueToCopy: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.outcome = page.getByTestId('outcome');
    this.diagnosis = page.getByTestId('diagnosis');
    this.valueToCopy = this.diagnosis.locator('code');
  }

  /** One click; resolves on the page that it leads to. */
  async press(kind: WayKind, name: string): Promise<void> {
    const opened = this.#page.waitForEvent('domcontentloaded');
    await this.#way(kind, name).click();
    await opened;
  }

  /** The same by keyboard. */
  async pressByKeyboard(kind: WayKind, name: string): Promise<void> {
    const opened = this.#page.waitForEvent('domcontentloaded');
    await this.#way(kind, name).focus();
    await this.#page.keyboard.press('Enter');
    await opened;
  }

  async expectFocusOn(kind: WayKind, name: string): Promise<void> {
    await expect(this.#way(kind, name)).toBeFocused();
  }

  /** Chooses in the form of settings, by the labels that stand there, and shows the page. */
  async show(settings: Readonly<Record<string, string>>): Promise<void> {
    const form = this.#page.getByRole('region', { name: 'The page shows' });
    await form.getByText('LedgerBee is taken to').click();
    for (const [label, value] of Object.entries(settings)) {
      await form.getByRole('combobox', { name: label, exact: true }).selectOption(value);
    }
    const opened = this.#page.waitForEvent('domcontentloaded');
    await form.getByRole('button').click();
    await opened;
  }

  /** The board says so, above and on the button. */
  async expectReached(kind: WayKind, name: string): Promise<void> {
    await expect(this.outcome).toContainText(new RegExp(`${name}\\s+reached`));
    await expect(this.#way(kind, name)).toContainText('reached');
  }

  #way(kind: WayKind, name: string): Locator {
    return this.#page.locator(`[data-way="${kind}:${name}"]`);
  }
}
