/**
 * The addresses of the vendor's surfaces. Paths and parameters are documented but for `/by-id/` and
 * `returnUrl`, which are ASSUMED (contract U4, U7), and the default of `target` (U6).
 */
import type { Surface, Target } from '../../core/attempt-states.js';

/** The vendor's values, verbatim. */
export const TARGETS: readonly Target[] = ['inline', 'callback', '_top', '_blank'];

/** The languages the vendor's surfaces speak. */
export const PORTAL_LANGUAGES = ['en', 'da'] as const;

/** What may be added to an address that does not carry it already. */
export interface PortalQuery {
  readonly lang: string | null;
  readonly target: string | null;
  readonly ctaCallback: boolean;
  readonly returnUrl: string | null;
}

const PLAN_IN_PATH = /^\/embed\/(?:checkout\/)?(by-id\/)?([^/]+)/;

/** The address of a public plan: its cards, one item over the cards, or (`forced`) one item alone. */
export function surfaceUrl(portalOrigin: string, plan: string, item: string | null, forced: boolean): URL {
  const [planPart, itemPart] = [plan, item ?? ''].map(encodeURIComponent) as [string, string];
  if (item === null) return new URL(`/embed/${planPart}`, portalOrigin);
  if (forced) return new URL(`/embed/checkout/${planPart}/${itemPart}`, portalOrigin);
  return new URL(`/embed/${planPart}?item=${itemPart}`, portalOrigin);
}

/** What the address itself says stands over what is asked for. */
export function withQuery(url: URL, query: PortalQuery): URL {
  const asked = { ...query, ctaCallback: query.ctaCallback ? '1' : null };
  const result = new URL(url);
  for (const [name, value] of Object.entries(asked)) {
    if (value !== null && !result.searchParams.has(name)) result.searchParams.set(name, value);
  }
  return result;
}

export function surfaceOf(url: URL): Surface {
  if (url.pathname.startsWith('/embed/checkout/')) return 'forced';
  return url.searchParams.has('item') ? 'item' : 'cards';
}

/** Where a click on the cards leads. Item and forced surfaces always check out in the frame. */
export function targetOf(url: URL): Target {
  if (surfaceOf(url) !== 'cards') return 'inline';
  const given = url.searchParams.get('target');
  return TARGETS.find((target) => target === given) ?? '_blank';
}

/** The plan as the address names it: its vanity, or the id of a gated one. */
export function planOf({ pathname }: URL): string | null {
  return PLAN_IN_PATH.exec(pathname)?.[2] ?? null;
}

/**
 * The checkout of one item alone, on from any surface of the same plan: how a deferred checkout is resumed.
 * A gated surface gives no vanity; its own path names the plan, and its token goes along.
 */
export function forcedUrl(
  from: URL,
  pick: { readonly planItemId: string; readonly vanity: string | null },
): URL {
  const [, gated, plan] = PLAN_IN_PATH.exec(from.pathname) ?? [];
  const result = new URL(from);
  const planPart =
    gated === undefined && pick.vanity !== null ? encodeURIComponent(pick.vanity) : (plan ?? '');
  result.pathname = `/embed/checkout/${gated ?? ''}${planPart}/${encodeURIComponent(pick.planItemId)}`;
  result.searchParams.delete('target');
  result.searchParams.delete('item');
  return result;
}
