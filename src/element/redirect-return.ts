/** Reads what a vendor's redirect left in the page's URL, once: our own return URLs say `checkout=returned` or `checkout=cancelled`. */

export interface RedirectReturn {
  /** A hint, as any link can be: it settles nothing. */
  readonly as: 'paid' | 'cancelled';
  readonly attemptId: string | null;
}

/** Takes the return out of the URL, if it is one and `isMine` says so; then nobody else finds it. */
export function takeRedirectReturn(isMine: (attemptId: string | null) => boolean): RedirectReturn | null {
  const url = new URL(location.href);
  const { searchParams } = url;
  const word = searchParams.get('checkout');
  const attemptId = searchParams.get('attempt');
  if ((word !== 'returned' && word !== 'cancelled') || !isMine(attemptId)) return null;
  // The vendor may add its session's id, which nobody needs: it says no more than our own words.
  for (const name of ['checkout', 'attempt', 'session_id']) searchParams.delete(name);
  // The page's own state stays: its router may keep its place there.
  history.replaceState(history.state, '', url);
  return { as: word === 'returned' ? 'paid' : 'cancelled', attemptId };
}
