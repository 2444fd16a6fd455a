/** After a click that opens the page anew the shop's own button is pressed once, as a buyer would. */
import type { CheckoutRedirect } from 'checkout-embed/redirect';

const KEY = 'plumbline-press';

/** Before the page goes. */
export function keepPress(): void {
  try {
    sessionStorage.setItem(KEY, 'yes');
  } catch {
    // Without storage the person presses.
  }
}

/** On the page that the click led to: a reload presses nothing. */
export function pressOnce(): void {
  try {
    if (sessionStorage.getItem(KEY) === null) return;
    sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
  const redirect = document.querySelector<CheckoutRedirect>('checkout-redirect:not([watch])');
  if (redirect !== null) redirect.start();
  else document.querySelector<HTMLFormElement>('form[data-checkout]')?.requestSubmit();
}
