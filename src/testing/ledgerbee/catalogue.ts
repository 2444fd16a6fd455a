/**
 * The tenant's plans, and how a plan is written as a catalogue entry. Which fields exist beyond the known
 * ones (contract §4.2) is ASSUMED (U35).
 */
import { ApiFailure } from './envelope.js';
import { SEED } from './seed.js';

export const LANGUAGES = ['en', 'da'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Localized = Readonly<Record<Language, string>>;

export interface PlanItem {
  readonly id: string;
  readonly itemType: 'PRICED' | 'CUSTOM_CTA';
  readonly name: Localized;
  readonly features: readonly Localized[];
  readonly buttonLabel: Localized;
  /** Minor units of `currency`; `null` for a custom call to action. */
  readonly priceMinor: number | null;
  readonly currency: string | null;
  readonly interval: 'month' | 'year' | null;
  readonly intervalCount: number | null;
  /** A bound buyer pays by card in the provider's window before the subscription becomes active. ASSUMED (U33). */
  readonly cardPayFirst: boolean;
  readonly ctaLink: string | null;
  readonly ctaPresetKey: 'contactUs' | 'bookDemo' | 'scheduleTime' | null;
}

export interface Plan {
  readonly id: string;
  readonly versionId: string;
  /** The public slug; `null` for a plan that is not public. */
  readonly vanity: string | null;
  readonly name: Localized;
  readonly description: Localized;
  readonly displayOrder: number;
  /** For a gated plan, who the routing rules let see it. */
  readonly visibleTo: { readonly customerIds: readonly string[]; readonly countryCodes: readonly string[] };
  readonly items: readonly PlanItem[];
}

export interface CatalogueEntry {
  readonly displayOrder: number;
  readonly plan: {
    readonly id: string;
    readonly versionId: string;
    readonly vanity: string | null;
    readonly name: string;
    readonly description: string;
    readonly displayOrder: number;
  };
  readonly items: readonly {
    readonly id: string;
    readonly itemType: PlanItem['itemType'];
    readonly name: string;
    readonly features: readonly string[];
    readonly buttonLabel: string;
    readonly priceMinor: number | null;
    readonly currency: string | null;
    readonly interval: PlanItem['interval'];
    readonly intervalCount: number | null;
    readonly ctaLink: string | null;
    readonly ctaPresetKey: PlanItem['ctaPresetKey'];
    readonly sourceSubscriptionId: null;
  }[];
}

export class Catalogue {
  readonly #plans: readonly Plan[] = SEED.plans;
  readonly #isVanityPublic: () => boolean;

  /** @param isVanityPublic `false` while the operator has the plan hidden. */
  constructor(isVanityPublic: () => boolean) {
    this.#isVanityPublic = isVanityPublic;
  }

  /** In display order. */
  all(): readonly Plan[] {
    return [...this.#plans].sort((left, right) => left.displayOrder - right.displayOrder);
  }

  byVanity(vanity: string): Plan | null {
    return this.#plans.find((plan) => plan.vanity === vanity) ?? null;
  }

  byId(planId: string): Plan | null {
    return this.#plans.find((plan) => plan.id === planId) ?? null;
  }

  /** @throws {ApiFailure} 404 `PORTAL_PLAN_NOT_FOUND`. */
  require(planId: string): Plan {
    const plan = this.byId(planId);
    if (plan === null) throw new ApiFailure(404, 'PORTAL_PLAN_NOT_FOUND', 'Plan not found');
    return plan;
  }

  /** The item that a checkout may be opened for; a custom call to action is not purchasable anywhere. */
  purchasable(planVersionId: string, planItemId: string): { plan: Plan; item: PlanItem } | null {
    const plan = this.#plans.find((candidate) => candidate.versionId === planVersionId);
    const item = plan?.items.find((candidate) => candidate.id === planItemId);
    return plan === undefined || item?.itemType !== 'PRICED' ? null : { plan, item };
  }

  /** What the routing rules show this buyer: every public plan, and the gated ones that match. */
  visibleTo(buyer: { readonly customerId: string | null; readonly countryCode: string | null }): Plan[] {
    return this.all().filter(
      (plan) =>
        plan.vanity !== null ||
        (buyer.customerId !== null && plan.visibleTo.customerIds.includes(buyer.customerId)) ||
        (buyer.countryCode !== null && plan.visibleTo.countryCodes.includes(buyer.countryCode)),
    );
  }

  entry(plan: Plan, language: Language): CatalogueEntry {
    return {
      displayOrder: plan.displayOrder,
      plan: {
        id: plan.id,
        versionId: plan.versionId,
        vanity: this.#isVanityPublic() ? plan.vanity : null,
        name: plan.name[language],
        description: plan.description[language],
        displayOrder: plan.displayOrder,
      },
      items: cardOrder(plan.items).map((item) => ({
        id: item.id,
        itemType: item.itemType,
        name: item.name[language],
        features: item.features.map((feature) => feature[language]),
        buttonLabel: item.buttonLabel[language],
        priceMinor: item.priceMinor,
        currency: item.currency,
        interval: item.interval,
        intervalCount: item.intervalCount,
        ctaLink: item.ctaLink,
        ctaPresetKey: item.ctaPresetKey,
        sourceSubscriptionId: null,
      })),
    };
  }
}

/** Custom calls to action always come after every priced card. */
export function cardOrder(items: readonly PlanItem[]): readonly PlanItem[] {
  const isPriced = (item: PlanItem): boolean => item.itemType === 'PRICED';
  return [...items.filter(isPriced), ...items.filter((item) => !isPriced(item))];
}
