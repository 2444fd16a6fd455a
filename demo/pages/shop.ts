/** The merchant's script: it registers the element, and shows what the backend granted once it says so. */
import 'checkout-embed';

const access = document.querySelector<HTMLElement>('[data-testid="access"]');

// Settled means that the backend has spoken; what it granted is asked of the backend too.
document.addEventListener('checkout-settled', () => void refreshAccess());

async function refreshAccess(): Promise<void> {
  const answer = await fetch('/_demo/access');
  if (answer.ok && access !== null) access.innerHTML = await answer.text();
}
