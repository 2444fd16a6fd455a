/** The seeded plans as a test or a demo names them. */
import type { Language, Plan, PlanItem } from './catalogue.js';
import { SEED } from './seed.js';

export interface SeededItem {
  readonly id: string;
  readonly itemType: PlanItem['itemType'];
  readonly name: string;
  readonly buttonLabel: string;
  /** Minor units; `null` for a custom call to action. */
  readonly priceMinor: number | null;
  readonly currency: string | null;
  readonly ctaLink: string | null;
}

export interface SeededPlan<Name extends string> {
  readonly id: string;
  readonly versionId: string;
  readonly vanity: string | null;
  readonly name: string;
  readonly items: Readonly<Record<Name, SeededItem>>;
}

export interface SeededPlans {
  /** Public, vanity `pro-plan`. `payFirst` sends a bound buyer to OnPay; `custom` is "Talk to sales". */
  readonly pro: SeededPlan<'monthly' | 'yearly' | 'payFirst' | 'custom'> & { readonly vanity: string };
  /** Not public; the seeded company may see it. */
  readonly gated: SeededPlan<'seat'>;
}

export function seededPlans(language: Language): SeededPlans {
  const { pro, gated } = SEED;
  return {
    pro: { ...seeded(pro.plan, pro.items, language), vanity: pro.plan.vanity ?? '' },
    gated: seeded(gated.plan, gated.items, language),
  };
}

function seeded<Name extends string>(
  { id, versionId, vanity, name }: Plan,
  items: Readonly<Record<Name, PlanItem>>,
  language: Language,
): SeededPlan<Name> {
  const entries = Object.entries<PlanItem>(items).map(([key, item]): [string, SeededItem] => [
    key,
    {
      id: item.id,
      itemType: item.itemType,
      name: item.name[language],
      buttonLabel: item.buttonLabel[language],
      priceMinor: item.priceMinor,
      currency: item.currency,
      ctaLink: item.ctaLink,
    },
  ]);
  return {
    id,
    versionId,
    vanity,
    name: name[language],
    items: Object.fromEntries(entries) as Record<Name, SeededItem>,
  };
}
