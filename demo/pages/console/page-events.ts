/** Listens to what the page hears: the vendor's events on the window, the element's own, and its state. */
import type { Timeline } from './timeline.js';

const VENDOR_EVENTS = [
  'pageLoaded',
  'checkoutInitiated',
  'customCtaClicked',
  'checkoutConfirmed',
  'checkoutError',
  'checkoutClosed',
] as const;

const ELEMENT_EVENTS = [
  'ready',
  'slow',
  'blocked',
  'initiated',
  'cta',
  'confirmed',
  'pending',
  'error',
  'closed',
  'settled',
  'unsettled',
  'failed',
  'retry',
  'rejected',
  'redirect',
  'redirect-error',
] as const;

const BAD = new Set(['blocked', 'error', 'failed', 'rejected', 'redirect-error']);

export function listenToPage(timeline: Timeline, stateChanged: () => void): void {
  for (const name of VENDOR_EVENTS) {
    window.addEventListener(`ledgerbee:embed:${name}`, (event) => {
      timeline.add('vendor', name, describe(event instanceof CustomEvent ? event.detail : null));
    });
  }
  for (const name of ELEMENT_EVENTS) {
    document.addEventListener(`checkout-${name}`, (event) => {
      const tone = name === 'settled' ? 'good' : BAD.has(name) ? 'bad' : 'plain';
      timeline.add('element', `checkout-${name}`, describe(fieldsOf(event)), tone);
    });
  }
  for (const name of ['checkout-statechange', 'checkout-redirect-statechange']) {
    document.addEventListener(name, (event) => {
      const { from, to } = fieldsOf(event);
      timeline.add('element', `${String(from)} → ${String(to)}`, '', to === 'settled' ? 'good' : 'plain');
      stateChanged();
    });
  }
}

/** The element's own events tell their fields. */
function fieldsOf(event: Event): Readonly<Record<string, unknown>> {
  return { ...(event as Event & { toJSON(): object }).toJSON() };
}

/** Short and readable; elements by their name, nothing deep. */
export function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .filter(([name, field]) => !isEmpty(field) && !HIDDEN.has(name))
    .map(([name, field]) => `${name}: ${inWords(field)}`)
    .join(', ');
}

const HIDDEN = new Set(['isTrusted', 'frame', 'type']);

export function isEmpty(field: unknown): boolean {
  return field === null || field === undefined || field === '';
}

/** Ids are told apart by their first characters; the rest only pushes the words away. */
const ID_TAIL =
  /([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b([a-z]{2,5}_[0-9A-Za-z]{6})[0-9A-Za-z]{6,}/g;

export function inWords(field: unknown): string {
  // A diagnosis is told in full above the timeline.
  if (typeof field === 'object' && field !== null && 'code' in field) return String(field.code);
  const text = typeof field === 'string' ? field : JSON.stringify(field);
  return text.slice(0, 300).replace(ID_TAIL, '$1$2…');
}
