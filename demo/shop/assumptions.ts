/** What the sandbox assumes of the vendor is set by the page's address, so that a link shows the same to everybody. */
import { ASSUMPTIONS, type AssumptionName, type LedgerBeeSandbox } from 'checkout-embed/testing';

/** `?assume=dispatch:late&assume=resize:false`; whatever is not named is as in the contract. */
export function applyAssumptions({ assumptions }: LedgerBeeSandbox, query: URLSearchParams): void {
  const wanted = query.getAll('assume').map((pair) => pair.split(':'));
  for (const name of Object.keys(ASSUMPTIONS) as AssumptionName[]) {
    const given = wanted.find(([named]) => named === name)?.[1];
    const allowed: readonly (string | boolean)[] = ASSUMPTIONS[name];
    const value = allowed.find((one) => String(one) === given) ?? allowed[0];
    // Only what changes: the timeline is for people.
    if (assumptions.current()[name] !== value) assumptions.set(name, value as never);
  }
}
