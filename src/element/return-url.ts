/** Reads what the vendor's redirect left in the page's URL, once. A hint: it settles nothing and links nothing. */

export interface ReturnedFrom {
  readonly as: 'confirmed' | 'pending';
  /** From return URLs that we made. */
  readonly attemptId: string | null;
}

/** Takes the return out of the URL, if it is one and `isMine` says so; then nobody else finds it. */
export function takeReturn(isMine: (attemptId: string | null) => boolean): ReturnedFrom | null {
  const url = new URL(location.href);
  const { searchParams } = url;
  const pending = searchParams.get('checkout') === 'pending';
  const confirmed = searchParams.has('subscriptionId');
  const attemptId = searchParams.get('attempt');
  if ((!pending && !confirmed) || !isMine(attemptId)) return null;
  for (const name of ['subscriptionId', 'attempt']) searchParams.delete(name);
  if (pending) searchParams.delete('checkout');
  // The page's own state stays: its router may keep its place there.
  history.replaceState(history.state, '', url);
  return { as: confirmed ? 'confirmed' : 'pending', attemptId };
}
