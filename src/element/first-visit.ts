/** Whether the page was come back to from a checkout, by the vendor's redirect or by ours. */
export function isReturn(): boolean {
  return /[?&](subscriptionId\b|checkout=pending)/.test(location.search);
}

/** Whether neither the URL nor this browser knows of a checkout before this one. */
export function isFirstVisit(): boolean {
  if (isReturn()) return false;
  try {
    return !Object.keys(localStorage).some((key) => /^checkout-embed:(attempts:|heard)/.test(key));
  } catch {
    // Forbidden: what this page keeps itself is known where the second file is.
    return true;
  }
}
