/** Reads what the vendor's redirect left in the page's URL, once. A hint: it settles nothing and links nothing. */

export interface ReturnedFrom {
  readonly as: 'confirmed' | 'pending';
  /** From return URLs that we made. */
  readonly attemptId: string | null;
}

const OURS = ['checkout', 'subscriptionId', 'attempt'] as const;

/** Returns that were taken on this page. */
const taken = new Set<string>();

/**
 * Takes the return out of the URL, if it is one and `isMine` says so; then nobody else finds it.
 * @param seenUrl The page's address a little earlier: what a router has removed since is taken too, once.
 */
export function takeReturn(
  seenUrl: string,
  isMine: (attemptId: string | null) => boolean,
): ReturnedFrom | null {
  const url = new URL(location.href);
  const isStanding = readReturn(url) !== null;
  const returned = findReturn(seenUrl);
  if (returned === null || !isMine(returned.attemptId)) return null;
  taken.add(nameOf(isStanding ? url : new URL(seenUrl)));
  if (isStanding) {
    for (const name of ['subscriptionId', 'attempt']) url.searchParams.delete(name);
    if (url.searchParams.get('checkout') === 'pending') url.searchParams.delete('checkout');
    // The page's own state stays: its router may keep its place there.
    history.replaceState(history.state, '', url);
  }
  return returned;
}

/**
 * Takes a return that does not say whose it is, in a task of its own: nobody else on the page could tell it to be
 * theirs by then.
 * @returns Ends the waiting.
 */
export function takeLeftReturn(
  seenUrl: string,
  onTaken: (as: ReturnedFrom['as']) => void,
): (() => void) | null {
  if (findReturn(seenUrl) === null) return null;
  const waiting = setTimeout(() => {
    const left = takeReturn(seenUrl, (attemptId) => attemptId === null);
    if (left !== null) onTaken(left.as);
  });
  return () => clearTimeout(waiting);
}

function findReturn(seenUrl: string): ReturnedFrom | null {
  const standing = readReturn(new URL(location.href));
  if (standing !== null) return standing;
  const seen = new URL(seenUrl);
  return taken.has(nameOf(seen)) ? null : readReturn(seen);
}

function readReturn({ searchParams }: URL): ReturnedFrom | null {
  const confirmed = searchParams.has('subscriptionId');
  if (!confirmed && searchParams.get('checkout') !== 'pending') return null;
  return { as: confirmed ? 'confirmed' : 'pending', attemptId: searchParams.get('attempt') };
}

function nameOf({ searchParams }: URL): string {
  return JSON.stringify(OURS.map((name) => searchParams.get(name)));
}
