/** Moves the focus only out of what disappears. */

/** Asked before and after each drawing of one element. */
export class FocusKeeper {
  readonly #host: HTMLElement;
  #within = false;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Before anything changes. */
  note(): void {
    // Not `:focus-within`: it does not see a focus that is in a frame of another process.
    const { activeElement } = this.#host.getRootNode() as Document | ShadowRoot;
    this.#within = activeElement !== null && this.#host.contains(activeElement);
  }

  /** After: what lost the focus by it hands it to the heading that came, or else to the whole. */
  mend(frame: HTMLIFrameElement | null, frameIsShown: boolean): void {
    const root = this.#host.shadowRoot;
    if (!this.#within || root === null) return;
    const outside = (this.#host.getRootNode() as Document | ShadowRoot).activeElement;
    const active =
      root.activeElement ?? (outside !== this.#host && this.#host.contains(outside) ? outside : null);
    const isSeen = active === frame ? frameIsShown : active?.checkVisibility();
    if (active !== null && isSeen === true) return;
    // Where the page has filled the slot, our heading is there and not drawn: a focus on it would go nowhere.
    const takers = [root.querySelector('h2'), root.querySelector<HTMLElement>('[tabindex]')];
    takers.find((taker) => taker?.checkVisibility())?.focus();
  }
}
