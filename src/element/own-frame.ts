/** Finds the pasted frame, makes our own, and loads an address into either. */
import { FRAME_PERMISSIONS } from './vendor/frame-permissions.js';

/** The first frame in the tag that is not part of a slotted panel, other than `own`. */
export function findPastedFrame(host: HTMLElement, own: HTMLIFrameElement | null): HTMLIFrameElement | null {
  const frames = host.querySelectorAll<HTMLIFrameElement>(
    ':scope > iframe:not([slot]), :scope > :not([slot]) iframe',
  );
  return [...frames].find((frame) => frame !== own) ?? null;
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
  for (const [name, value] of Object.entries(FRAME_PERMISSIONS)) frame.setAttribute(name, value);
  return frame;
}

/** What the page wrote as the `src` of its frames, by what was put there in its place. */
const overwritten = new WeakMap<HTMLIFrameElement, ReadonlyMap<string, string>>();

/** The `src` that the page gave `frame`; empty for none. */
export function givenSrc(frame: HTMLIFrameElement): string {
  const src = frame.getAttribute('src') ?? '';
  return overwritten.get(frame)?.get(src) ?? src;
}

/**
 * Loads `url` into `frame`, in place. Taking the frame out first gives it a new window: setting `src` alone
 * would put a step into the page's history, and Back would lead to the page that failed.
 */
export function loadFrame(host: HTMLElement, frame: HTMLIFrameElement, url: URL): void {
  const { parentNode, nextSibling } = frame;
  overwritten.set(frame, new Map([[url.href, givenSrc(frame)]]));
  frame.remove();
  frame.src = url.href;
  (parentNode ?? host).insertBefore(frame, nextSibling);
}
