/** What of an element cannot be read or pressed as it stands. */

/** WCAG 2.2, 2.5.8: the least that can be hit, in CSS pixels. */
const TARGET_PX = 24;
/** Layout counts in fractions of a pixel. */
const ROUNDING_PX = 0.6;

/** In sentences; none where all is well. What is there for screen readers alone is left out. */
export function flaws(element: HTMLElement): string[] {
  return [...cuts(element), ...drawn(element).flatMap(tooHigh)];
}

/** As {@link flaws}, without what takes more room than was kept: nobody can know how much the page's own words need. */
export function cuts(element: HTMLElement): string[] {
  if (element.shadowRoot === null) return ['nothing is drawn'];
  return drawn(element).flatMap((one) => [
    ...tooWide(one),
    ...unpressable(one, element),
    ...clipped(one, element),
  ]);
}

function drawn({ shadowRoot }: HTMLElement): HTMLElement[] {
  const all = shadowRoot?.querySelectorAll<HTMLElement>(
    '.base, .base :not([role="status"], [role="status"] *)',
  );
  return Array.from(all ?? []).filter((one) => one.checkVisibility({ visibilityProperty: true }));
}

function tooWide(one: HTMLElement): string[] {
  const { scrollWidth, clientWidth } = one;
  // What is inline has no width of its own.
  if (clientWidth === 0 || scrollWidth <= clientWidth) return [];
  return [`${nameOf(one)} is ${clientWidth} px wide and holds ${scrollWidth}`];
}

/** The strip alone has its room from the start. */
function tooHigh(one: HTMLElement): string[] {
  const keptPx = parseFloat(getComputedStyle(one).minHeight);
  const { height } = one.getBoundingClientRect();
  if (!one.matches('.strip') || height <= keptPx + ROUNDING_PX) return [];
  return [`${nameOf(one)} is ${height} px high, and ${keptPx} are kept`];
}

function unpressable(one: HTMLElement, host: HTMLElement): string[] {
  if (!one.matches('button, a, summary')) return [];
  const box = one.getBoundingClientRect();
  const small = Math.min(box.width, box.height) < TARGET_PX;
  return [
    ...(small ? [`${nameOf(one)} is ${box.width} × ${box.height} px`] : []),
    ...(isWithin(box, host) ? [] : [`${nameOf(one)} lies outside the element`]),
  ];
}

/** Its own text, not that of what is in it. */
function clipped(one: HTMLElement, host: HTMLElement): string[] {
  const outside = Array.from(one.childNodes).filter((node) => {
    if (!(node instanceof Text) || node.data.trim() === '') return false;
    const range = document.createRange();
    range.selectNodeContents(node);
    return Array.from(range.getClientRects()).some(
      (box) => !isWithin(box, host) || !isWithin(box, one.closest('.strip, .area, .base') ?? host),
    );
  });
  return outside.map(({ textContent }) => `“${textContent?.trim() ?? ''}” is cut off`);
}

function isWithin(box: DOMRect, whole: HTMLElement): boolean {
  const { left, right, top, bottom } = whole.getBoundingClientRect();
  return (
    box.left >= left - ROUNDING_PX &&
    box.right <= right + ROUNDING_PX &&
    box.top >= top - ROUNDING_PX &&
    box.bottom <= bottom + ROUNDING_PX
  );
}

function nameOf(one: HTMLElement): string {
  return `<${one.localName} part="${one.getAttribute('part') ?? ''}" class="${one.className}">`;
}
