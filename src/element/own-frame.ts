/** Finds the pasted frame, makes our own, and loads an address into either. */
import { FRAME_PERMISSIONS } from './vendor/frame-permissions.js';

/** The name of a frame until its words have come. */
export const NAME = 'Checkout';

/** What was put into the tag here carries it; a copy of the tag, as a router keeps of its pages, brings it along. */
export const MARK = 'data-checkout-embed-made';

/** What the page wrote as the `src` of frames that were loaded here, by what was put there in its place. */
const loaded = new WeakMap<HTMLIFrameElement, ReadonlyMap<string, string>>();

/** The first frame in the tag that is the page's own, and no part of a slotted panel. Takes out what is a copy of ours. */
export function findPastedFrame(host: HTMLElement): HTMLIFrameElement | null {
  const frames = host.querySelectorAll<HTMLIFrameElement>(
    ':scope > iframe:not([slot]), :scope > :not([slot]) iframe',
  );
  for (const frame of frames) {
    if (!frame.hasAttribute(MARK)) return frame;
    // Not one of another element in this one.
    if (!loaded.has(frame) && frame.parentNode === host) frame.remove();
  }
  return null;
}

/**
 * Whether a frame on the page can have spoken by now. As long as its first, empty document can be read, the
 * portal's page has not replaced it.
 */
export function mayHaveSpoken({ contentDocument }: HTMLIFrameElement): boolean {
  return contentDocument?.URL !== 'about:blank';
}

export function makeFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  for (const [name, value] of Object.entries({ ...FRAME_PERMISSIONS, [MARK]: '' }))
    frame.setAttribute(name, value);
  return frame;
}

/** The `src` that the page gave `frame`; empty for none. */
export function givenSrc(frame: HTMLIFrameElement): string {
  const src = frame.getAttribute('src') ?? '';
  return loaded.get(frame)?.get(src) ?? src;
}

/**
 * Loads `url` into `frame`, in place. Taking the frame out first gives it a new window: setting `src` alone
 * would put a step into the page's history, and Back would lead to the page that failed. A new one comes first: Lit, to
 * take out the last of its own, takes out all that comes behind.
 */
export function loadFrame(host: HTMLElement, frame: HTMLIFrameElement, url: URL): void {
  const { parentNode, nextSibling } = frame;
  loaded.set(frame, new Map([[url.href, givenSrc(frame)]]));
  // Not `remove()`: Prototype.js, as old shops have it, puts its own in place, which wants a parent.
  parentNode?.removeChild(frame);
  frame.src = url.href;
  (parentNode ?? host).insertBefore(frame, parentNode ? nextSibling : host.firstChild);
}
