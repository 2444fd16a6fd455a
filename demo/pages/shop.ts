/** The merchant's script: it registers the elements, goes on after a step of its own, and shows what the backend granted. */
import 'checkout-embed';
import 'checkout-embed/redirect';

const access = document.querySelector<HTMLElement>('[data-testid="access"]');

// The merchant's own step of a deferred checkout, where the page has one.
document.querySelector('[data-resume]')?.addEventListener('click', () => {
  document.querySelector('checkout-embed')?.resume();
});

// Settled means that the backend has spoken; what it granted is asked of the backend too.
document.addEventListener('checkout-settled', () => void refreshAccess());

async function refreshAccess(): Promise<void> {
  const answer = await fetch(`/_demo/access?lang=${document.documentElement.lang}`);
  if (answer.ok && access !== null) access.innerHTML = await answer.text();
}
