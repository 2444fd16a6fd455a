/**
 * The tenant that every sandbox starts with. Ids are fixed, so that a merchant's stored plan and customer ids
 * stay true over a restart; what buyers make gets random ids.
 */
import type { Localized, Plan, PlanItem } from './catalogue.js';
import type { Customer } from './customers.js';

const uuid = (kind: string, number: number): string =>
  `5a4d0b0c-${kind}-4000-8000-${String(number).padStart(12, '0')}`;
const both = (en: string, da: string): Localized => ({ en, da });

const noCta = { ctaLink: null, ctaPresetKey: null } as const;

const monthly: PlanItem = {
  id: uuid('0002', 1),
  itemType: 'PRICED',
  name: both('Pro, monthly', 'Pro, månedlig'),
  features: [
    both('Unlimited projects', 'Ubegrænsede projekter'),
    both('Up to 5 people', 'Op til 5 personer'),
    both('Cancel any time', 'Opsig når som helst'),
  ],
  buttonLabel: both('Choose monthly', 'Vælg månedlig'),
  priceMinor: 24_900,
  currency: 'DKK',
  interval: 'month',
  intervalCount: 1,
  cardPayFirst: false,
  ...noCta,
};

const yearly: PlanItem = {
  ...monthly,
  id: uuid('0002', 2),
  name: both('Pro, yearly', 'Pro, årlig'),
  features: [
    both('Everything in monthly', 'Alt i månedlig'),
    both('Two months free', 'To måneder gratis'),
    both('Priority support', 'Prioriteret support'),
  ],
  buttonLabel: both('Choose yearly', 'Vælg årlig'),
  priceMinor: 249_000,
  interval: 'year',
};

const payFirst: PlanItem = {
  ...monthly,
  id: uuid('0002', 3),
  name: both('Team, by card', 'Team, med kort'),
  features: [
    both('Up to 25 people', 'Op til 25 personer'),
    both('Single sign-on', 'Single sign-on'),
    both('Paid by card up front', 'Betales forud med kort'),
  ],
  buttonLabel: both('Choose team', 'Vælg team'),
  priceMinor: 79_900,
  cardPayFirst: true,
};

const custom: PlanItem = {
  ...monthly,
  id: uuid('0002', 4),
  itemType: 'CUSTOM_CTA',
  name: both('Enterprise', 'Enterprise'),
  features: [
    both('Unlimited people', 'Ubegrænset antal personer'),
    both('Your own contract', 'Egen kontrakt'),
    both('A named contact', 'En fast kontaktperson'),
  ],
  buttonLabel: both('Talk to sales', 'Tal med salg'),
  priceMinor: null,
  currency: null,
  interval: null,
  intervalCount: null,
  ctaLink: '/contact',
  ctaPresetKey: 'contactUs',
};

const partnerSeat: PlanItem = {
  ...monthly,
  id: uuid('0002', 11),
  name: both('Partner seat', 'Partnerplads'),
  features: [both('Your agreed price', 'Jeres aftalte pris'), both('One seat', 'Én plads')],
  buttonLabel: both('Choose partner seat', 'Vælg partnerplads'),
  priceMinor: 14_900,
};

const companyGroup = { id: uuid('0004', 1), customerGroupNumber: 1, name: 'Domestic companies' } as const;
const privateGroup = { id: uuid('0004', 2), customerGroupNumber: 2, name: 'Private buyers' } as const;

const company: Customer = {
  id: uuid('0003', 1),
  customerNumber: '1001',
  customerType: 'company',
  name: 'Nordlys Design ApS',
  email: 'ida@nordlys.example',
  countryCode: 'DK',
  vatZone: 'domestic',
  customerGroupId: companyGroup.id,
  customerGroupNumber: companyGroup.customerGroupNumber,
  customerGroupName: companyGroup.name,
  externalSystemId: null,
  metadata: { segment: 'studio' },
  isActive: true,
  billingRelationship: 'self',
};

const person: Customer = {
  ...company,
  id: uuid('0003', 2),
  customerNumber: '1002',
  customerType: 'private',
  name: 'Jonas Holm',
  email: 'jonas@holm.example',
  customerGroupId: privateGroup.id,
  customerGroupNumber: privateGroup.customerGroupNumber,
  customerGroupName: privateGroup.name,
  metadata: {},
};

const pro: Plan = {
  id: uuid('0001', 1),
  versionId: uuid('0005', 1),
  vanity: 'pro-plan',
  name: both('Pro plan', 'Pro-plan'),
  description: both(
    'Everything a growing studio needs. Change or cancel whenever you like.',
    'Alt hvad et studie i vækst har brug for. Skift eller opsig når du vil.',
  ),
  displayOrder: 1,
  visibleTo: { customerIds: [], countryCodes: [] },
  items: [monthly, yearly, payFirst, custom],
};

const gated: Plan = {
  id: uuid('0001', 2),
  versionId: uuid('0005', 2),
  vanity: null,
  name: both('Partner plan', 'Partnerplan'),
  description: both('The price we agreed with you.', 'Den pris vi har aftalt med jer.'),
  displayOrder: 2,
  visibleTo: { customerIds: [company.id], countryCodes: ['SE'] },
  items: [partnerSeat],
};

export const SEED = {
  plans: [pro, gated],
  pro: { plan: pro, items: { monthly, yearly, payFirst, custom } },
  gated: { plan: gated, items: { seat: partnerSeat } },
  customerGroups: [companyGroup, privateGroup],
  customers: { company, person },
} as const;
