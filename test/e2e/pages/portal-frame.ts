/** The vendor's side of a checkout, as its buyer uses it: in the frame, or in a tab of its own. */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

/** Longest wait for one press, in milliseconds, before it is tried again. */
const PRESS_MS = 5_000;

export class PortalCheckout {
  readonly #root: FrameLocator | Page;

  constructor(root: FrameLocator | Page) {
    this.#root = root;
  }

  get cards(): Locator {
    return this.#root.getByRole('button', { name: 'Choose monthly' });
  }

  async choose(button = 'Choose monthly'): Promise<void> {
    await pressUntilHeard(this.#root.getByRole('button', { name: button }));
  }

  /** The session is made, and the form knows its buyer. */
  async expectForm(): Promise<void> {
    await expect(this.#root.getByText('Subscribing as')).toBeVisible();
  }

  /** Fills in what is asked and confirms. `email` only where nobody is bound. */
  async confirm(email?: string): Promise<void> {
    if (email !== undefined) await this.#root.getByRole('textbox', { name: /e-?mail/i }).fill(email);
    const terms = this.#root.getByRole('checkbox', { name: /terms/i });
    // It fails where the press met nothing: the frame has just grown, and the page around it has moved.
    await expect(() => terms.check({ timeout: PRESS_MS })).toPass();
    await pressUntilHeard(this.#root.getByRole('button', { name: /confirm|subscribe/i }));
  }

  async cancel(): Promise<void> {
    await this.#root.getByRole('button', { name: /cancel|back/i }).click();
  }
}

/**
 * A frame of another origin that was uncovered a moment ago may still be missing from the compositor's own hit test:
 * on a busy machine the press then reaches the page around it and is lost. A buyer presses again, and so does this.
 */
async function pressUntilHeard(button: Locator): Promise<void> {
  const press = await button.evaluateHandle((element) => {
    const state = { heard: false };
    element.addEventListener('click', () => (state.heard = true), { once: true, capture: true });
    return state;
  });
  // A document that has left because of the press can be asked no more.
  const isHeard = (): Promise<boolean> => press.evaluate(({ heard }) => heard).catch(() => true);
  await expect(async () => {
    if (await isHeard()) return;
    await button.click({ timeout: PRESS_MS });
    expect(await isHeard()).toBe(true);
  }).toPass();
}
