/** The embed surfaces (contract §1.2): which plan and item a URL means, and the page it gets. */
import type { Language, Plan, PlanItem } from '../catalogue.js';
import { page, type Reply, type SandboxRequest } from '../http.js';
import { acceptReturnUrl } from '../return-url.js';
import type { Vendor } from '../vendor.js';
import { endView, renderDocument } from './document.js';
import { allowPartner } from './checkout-api.js';
import type { FrameConfig } from './frame-config.js';
import { html, jsonScript } from './html.js';
import { MESSAGES } from './messages.js';
import { portalTrouble } from './trouble.js';
import { cardsView, checkoutTemplate, endViews } from './views.js';

/** Real milliseconds that `slow-portal` holds the page back: past the usual "slow", before the usual "blocked". */
const SLOW_PORTAL_MS = 6_000;

/** Who confirms or leaves has chosen: of several that are switched on the one acts who goes furthest. */
const ROBOTS = ['confirms', 'leaves', 'chooses'] as const;
const TARGETS = ['inline', 'callback', '_top', '_blank'] as const;

export interface SurfaceRequest {
  readonly surface: FrameConfig['surface'];
  readonly plan: Plan | null;
  /** Of a forced or break-out checkout; else the `item` parameter counts. */
  readonly itemId: string | null;
  readonly planToken: string | null;
  /** By-id surfaces carry no vanity in their events (U4). */
  readonly isById: boolean;
}

export async function embedPage(
  vendor: Vendor,
  request: SandboxRequest,
  wanted: SurfaceRequest,
): Promise<Reply> {
  const { scenarios, settings } = vendor;
  const query = request.url.searchParams;
  const lang: Language = query.get('lang') === 'da' ? 'da' : 'en';
  const isAllowlisted = !scenarios.take('origin-not-allowlisted');
  const headers = {
    ...frameAncestors(isAllowlisted ? settings.current.partnerOrigins : []),
    ...allowPartner(vendor, request),
  };
  if (scenarios.take('slow-portal')) await vendor.pauseFor(SLOW_PORTAL_MS);
  const trouble = portalTrouble(scenarios, headers);
  if (trouble !== null) return trouble;
  const { plan } = wanted;
  const itemId = wanted.itemId ?? query.get('item');
  const item = plan?.items.find(({ id, itemType }) => id === itemId && itemType === 'PRICED') ?? null;
  const isPinned = itemId !== null;
  const needsInFrame = isPinned && wanted.surface !== 'breakout';
  const isHidden = !wanted.isById && scenarios.take('plan-not-public');
  const isInFrameOff = needsInFrame && !settings.current.inFrameCheckout;
  if (plan === null || isHidden || isInFrameOff || (isPinned && item === null)) {
    vendor.activity.add('page', `${request.url.pathname}: plan not found`);
    return page(notFoundPage(lang), 404, headers);
  }
  vendor.activity.add('page', `${request.url.pathname} opened`, { surface: wanted.surface });
  const config = frameConfig(vendor, query, wanted, { plan, item, lang });
  return page(surfacePage(plan, item, config, query.get('ctaCallback') === '1'), 200, headers);
}

export function notFoundPage(lang: Language): string {
  const { notFoundTitle, notFoundText } = MESSAGES[lang];
  const body = html`<section data-testid="not-found">
    ${endView({ mark: 'lost', title: notFoundTitle, text: notFoundText })}
  </section>`;
  return renderDocument({ title: notFoundTitle, lang, body });
}

/** The one header that decides who may frame the portal (U29: and no `X-Frame-Options`). */
function frameAncestors(origins: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': `frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(' ')}`,
  };
}

function frameConfig(
  vendor: Vendor,
  query: URLSearchParams,
  { surface, planToken, isById }: SurfaceRequest,
  { plan, item, lang }: { plan: Plan; item: PlanItem | null; lang: Language },
): FrameConfig {
  const { assumptions, settings, scenarios, time } = vendor;
  const { partnerOrigins, inFrameCheckout, termsVersion } = settings.current;
  const { defaultTarget, initiatedInline, pageLoadedOnItem, duplicateConfirmFiresError, onPay } =
    assumptions.current;
  // An unknown value behaves as the default (U6); without in-frame checkout `inline` breaks out (U27).
  const given = TARGETS.find((target) => target === query.get('target')) ?? defaultTarget;
  const target = given === 'inline' && !inFrameCheckout ? '_blank' : given;
  const returnUrl = acceptReturnUrl(query.get('returnUrl'), partnerOrigins);
  const passedOn = new URLSearchParams({ lang });
  if (returnUrl !== null) passedOn.set('returnUrl', returnUrl);
  if (planToken !== null) passedOn.set('token', planToken);
  return {
    surface,
    item: item?.id ?? null,
    planVersionId: plan.versionId,
    vanity: isById ? null : plan.vanity,
    lang,
    target,
    breakoutPath: `/checkout/${plan.id}/:item?${passedOn.toString()}`,
    returnUrl,
    planToken,
    partnerOrigins,
    today: time.iso().slice(0, 10),
    termsVersion,
    errors: MESSAGES[lang].errors,
    silent: surface !== 'breakout' && scenarios.take('silent-portal'),
    robot: ROBOTS.find((habit) => scenarios.take(`buyer-${habit}`)) ?? null,
    initiatedInline,
    pageLoadedOnItem,
    duplicateConfirmFiresError,
    onPay,
  };
}

function surfacePage(plan: Plan, item: PlanItem | null, config: FrameConfig, ctaCallback: boolean): string {
  const { lang, today, termsVersion, surface, target } = config;
  const hasCards = surface === 'cards';
  const leave = hasCards ? 'back' : 'cancel';
  const offered = hasCards ? plan.items.filter(({ itemType }) => itemType === 'PRICED') : item ? [item] : [];
  const body = html`${hasCards ? cardsView(plan, { lang, ctaCallback, target }) : null}
  ${offered.map((entry) => checkoutTemplate(entry, { lang, today, termsVersion, leave }))} ${endViews(lang)}
  ${jsonScript('config', config)}`;
  return renderDocument({ title: plan.name[lang], lang, body, script: '/embed/assets/frame.js' });
}
