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

/** Once, on the page that the click led to. */
export function returnFocus(board: HTMLElement): void {
  const name = takeName();
  const controls = board.querySelectorAll<HTMLElement>('button, a, input, select, summary');
  const control = [...controls].find((one) => nameOf(one) === name);
  if (control === undefined) return;
  // What a way reaches stands at the top; and a frame that is scrolled out of view may never paint and speak.
  control.focus({ preventScroll: control.dataset['way'] !== undefined });
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
  const { way, scenario } = control.dataset;
  return way ?? scenario ?? control.getAttribute('name') ?? control.textContent.trim();
}
