/**
 * A robot that presses in the frame takes the focus there: the portal moves it to each view that it opens, as it should
 * for a buyer's own press. Here it goes back to where the tester had it.
 */
import type { CheckoutEmbed, CheckoutState } from 'checkout-embed/element';
import { ROBOTS, type Robot } from '../settings.js';

const BEFORE_CHOICE: readonly CheckoutState[] = ['idle', 'loading', 'slow', 'ready'];

/** The states in which it has something left to do. */
const AT_WORK: Readonly<Record<Robot, readonly CheckoutState[]>> = {
  chooses: BEFORE_CHOICE,
  confirms: [...BEFORE_CHOICE, 'checkout'],
  leaves: [...BEFORE_CHOICE, 'checkout'],
};

/** What it does may change no state, such as going back to the cards: after so long it is done, in milliseconds. */
const DONE_AFTER_MS = 5000;
/** The frame's word and its focus come by ways of their own, and either may be first. In milliseconds. */
const LAST_FOCUS_MS = 500;

/** @param named By the page; anything else is no robot. */
export function keepFocusFromRobot(embed: CheckoutEmbed, named: string | undefined): void {
  const robot = ROBOTS.find((one) => one === named);
  if (robot === undefined) return;
  const over = new AbortController();
  const { signal } = over;
  let done: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(done);
    const isAtWork = AT_WORK[robot].includes(embed.state);
    // Until the frame is there it has not begun.
    if (isAtWork && embed.state !== 'ready' && embed.state !== 'checkout') return;
    done = setTimeout(() => over.abort(), isAtWork ? DONE_AFTER_MS : LAST_FOCUS_MS);
  };
  document.addEventListener('checkout-statechange', look, { signal });
  // Where the element's script has come before ours.
  if (embed.matches(':defined')) look();
  holdFocus(embed, signal);
}

function holdFocus(embed: CheckoutEmbed, signal: AbortSignal): void {
  let held: Element | null = null;
  let isTabbing = false;
  document.addEventListener('keydown', ({ key }) => (isTabbing = key === 'Tab'), { capture: true, signal });
  document.addEventListener(
    'focusin',
    ({ target }) => {
      held = target instanceof Element ? target : null;
      isTabbing = false;
    },
    { signal },
  );
  // A focus that goes into a frame leaves the window.
  window.addEventListener(
    'blur',
    () => {
      const taker = document.activeElement;
      // By the Tab key a person goes there.
      if (isTabbing || !(taker instanceof HTMLElement) || !embed.contains(taker)) return;
      if (held instanceof HTMLElement && held.isConnected) held.focus({ preventScroll: true });
      else taker.blur();
    },
    { signal },
  );
}
