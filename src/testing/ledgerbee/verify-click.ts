/** A click on a magic link: it creates the subscription, then the webhooks go out (U30). Unbound, so without a reference (U31). */
import type { Catalogue, Plan } from './catalogue.js';
import type { Customers } from './customers.js';
import type { MagicLinks } from './magic-links.js';
import type { Payment, Payments } from './payments.js';
import type { Subscriptions } from './subscriptions.js';

export type VerifyOutcome =
  | { readonly kind: 'subscribed'; readonly plan: Plan; readonly email: string }
  | { readonly kind: 'pay'; readonly payment: Payment }
  | { readonly kind: 'used' | 'expired' | 'unknown' };

export function verifyClick(
  token: string,
  parts: {
    readonly magicLinks: MagicLinks;
    readonly catalogue: Catalogue;
    readonly customers: Customers;
    readonly subscriptions: Subscriptions;
    readonly payments: Payments;
  },
): VerifyOutcome {
  const click = parts.magicLinks.click(token);
  if (click.kind !== 'purchase') return { kind: click.kind };
  const { purchase } = click;
  const plan = parts.catalogue.require(purchase.planId);
  const item = plan.items.find(({ id }) => id === purchase.planItemId);
  const customer = parts.customers.forVerifiedEmail(purchase.email);
  parts.customers.join(purchase.email, customer.id);
  const subscription = parts.subscriptions.create({
    customerId: customer.id,
    planId: plan.id,
    planItemId: purchase.planItemId,
    partnerReferenceId: purchase.reference,
    startDate: purchase.startDate,
    cardPayFirst: item?.cardPayFirst ?? false,
  });
  if (subscription.status !== 'awaiting_payment') return { kind: 'subscribed', plan, email: purchase.email };
  const payment = parts.payments.open({
    subscriptionId: subscription.id,
    description: plan.name.en,
    amountMinor: item?.priceMinor ?? 0,
    currency: item?.currency ?? 'DKK',
    returnUrl: purchase.returnUrl,
  });
  return { kind: 'pay', payment };
}
