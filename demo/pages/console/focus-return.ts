/** After a click that opens the page anew the focus is back at its button, for whoever goes down the board by keyboard. */
const KEY = 'plumbline-pressed';

/** Before the page goes. */
export function keepFocus(id: string): void {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // Without storage the focus begins at the top.
  }
}

/** Once, on the page that the click led to. What was reached stands at the top, so nothing is scrolled. */
export function returnFocus(board: HTMLElement): void {
  try {
    const id = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (id !== null) board.querySelector<HTMLElement>(`[data-way="${id}"]`)?.focus({ preventScroll: true });
  } catch {
    // As above.
  }
}
