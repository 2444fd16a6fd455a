/**
 * Puts `data-state` back where the page takes it: a morph, as Turbo and htmx make one, leaves a tag with what the server wrote.
 * @param state As it is; `null` once nothing is to be put back any more.
 */
export function keepStateName(
  host: HTMLElement,
  state: () => string | null,
  restore: () => void,
): MutationObserver {
  const isTaken = (): boolean => state() !== null && host.dataset['state'] !== state();
  const observer = new MutationObserver(() => {
    // In a task of its own: against a page that insists on another value the browser would come to nothing else.
    if (isTaken()) setTimeout(() => isTaken() && restore());
  });
  observer.observe(host, { attributeFilter: ['data-state'] });
  return observer;
}
