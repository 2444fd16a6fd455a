/** Whether neither the URL nor this browser knows of a checkout before this one. */
export function isFirstVisit(): boolean {
  if (/[?&](subscriptionId|checkout)=/.test(location.search)) return false;
  try {
    return !Object.keys(localStorage).some((key) => /^checkout-embed:(attempts:|heard)/.test(key));
  } catch {
    // Forbidden: then nothing is kept either.
    return true;
  }
}
