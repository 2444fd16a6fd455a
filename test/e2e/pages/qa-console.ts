/** The QA console beside the shop: what a tester presses, and what its board says. */
import { expect, type Locator, type Page } from '@playwright/test';

type WayKind = 'state' | 'code' | 'siglume' | 'ledyer';

export class QaConsole {
  readonly #page: Page;
  readonly outcome: Locator;
  readonly diagnosis: Locator;
  /** The exact value that mends it. */
  readonly valueToCopy: Locator;
  /** The console's one live region. */
  readonly said: Locator;
  /** Scenarios of all vendors, for every visitor. */
  readonly switchedOn: Locator;
  readonly order: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.outcome = page.getByTestId('outcome');
    this.diagnosis = page.getByTestId('diagnosis');
    this.valueToCopy = this.diagnosis.locator('code');
    this.said = page.locator('#qa-console').getByRole('status');
    this.switchedOn = page.getByTestId('switched-on');
    this.order = page.getByRole('region', { name: 'The order, as the backend sees it' });
  }

  /** LedgerBee's. */
  scenario(name: string): Locator {
    return this.#page.locator(`details[data-vendor="ledgerbee"] [data-scenario="${name}"]`);
  }

  button(name: string): Locator {
    return this.#page.locator('#qa-console').getByRole('button', { name });
  }

  /** One click; resolves on the page that it leads to. */
  async start(scenario: string): Promise<void> {
    const opened = this.#page.waitForEvent('domcontentloaded');
    await this.scenario(scenario).click();
    await opened;
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
