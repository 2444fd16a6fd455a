/** After a click that opens the page anew the focus is back at its button, for whoever goes down the board by keyboard. */
const KEY = 'plumbline-pressed';

/** Before the page goes. */
export function keepFocus(board: HTMLElement): void {
  const pressed = document.activeElement;
  if (!(pressed instanceof HTMLElement) || !board.contains(pressed)) return;
  try {
    sessionStorage.setItem(KEY, nameOf(pressed));
  } catch {
    // Without storage the focus begins at the top.
  }
}

/** Once, on the page that the click led to. @returns what has the focus again. */
export function returnFocus(board: HTMLElement): HTMLElement | null {
  const name = takeName();
  const controls = board.querySelectorAll<HTMLElement>('button, a, input, select, summary');
  const control = [...controls].find((one) => nameOf(one) === name);
  if (control === undefined) return null;
  unfold(control);
  // What a way reaches stands at the console's top; and where the console lies below the shop, the shop is to be seen.
  const hasOwnScroll = board.scrollHeight > board.clientHeight;
  control.focus({ preventScroll: !hasOwnScroll || control.dataset['way'] !== undefined });
  return control;
}

/** In view, with the focus. */
export function goBackTo(control: HTMLElement): void {
  unfold(control);
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: 'center', behavior: isCalm ? 'instant' : 'smooth' });
}

/** What it is called where it is spoken of. */
export function titleOf(control: HTMLElement): string {
  const title = control.querySelector('strong') ?? control;
  return title.textContent.trim();
}

/** Nothing has the focus in a folded part. */
function unfold(control: HTMLElement): void {
  const part = control.closest('details');
  if (part !== null) part.open = true;
}

function takeName(): string | null {
  try {
    const name = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return name;
  } catch {
    return null;
  }
}

/** The same on the next page. */
function nameOf(control: HTMLElement): string {
  const { way, scenario, answer } = control.dataset;
  const vendor = control.closest<HTMLElement>('details')?.dataset['vendor'] ?? '';
  // Two vendors may have a scenario of one name.
  if (scenario !== undefined) return `${vendor}.${scenario}`;
  return way ?? answer ?? control.getAttribute('name') ?? control.textContent.trim();
}
