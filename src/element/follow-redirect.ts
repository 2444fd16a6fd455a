/** Goes where the backend sends a settled buyer: once, and never to the page that is open already. */
import { browserStore } from '../core/ports.js';
import { StoredList } from '../core/stored-list.js';

/** Most of them kept: whoever comes back to the page is not sent on again. */
const MAX_FOLLOWED = 50;

const followed = new StoredList(browserStore(), 'checkout-embed:went', MAX_FOLLOWED, (value) =>
  typeof value === 'string' ? value : null,
);

/** @param of The attempt, or the order; `null` where neither has a name, and another purchase may be meant. */
export function followRedirect(
  redirect: string,
  of: string | null,
  page: Pick<Location, 'href' | 'assign'> = location,
): void {
  // A router may have its pages in the fragment.
  const here = redirect.includes('#') ? page.href : page.href.replace(/#.*/s, '');
  if (redirect === here) return;
  const name = JSON.stringify([of, redirect]);
  if (of !== null) {
    if (followed.read().includes(name)) return;
    followed.update((names) => [...names, name]);
  }
  page.assign(redirect);
}
