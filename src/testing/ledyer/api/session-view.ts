/** What the session calls show. */
import type { Purchase } from '../purchases.js';
import type { Vendor } from '../vendor.js';

export function sessionView(
  { session, orderId }: Purchase,
  vendor: Vendor,
): Readonly<Record<string, unknown>> {
  const { country, currency, locale, metadata, lines, reference } = session;
  return {
    id: session.id,
    ...(orderId === null ? {} : { orderId }),
    state: session.state === 'initial' ? vendor.assumptions.current.initialSessionState : session.state,
    merchantId: session.merchantId,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
    customer: session.customer,
    order: {
      country,
      currency,
      locale,
      metadata,
      orderLines: lines,
      reference,
      settings: { urls: session.urls, security: { level: session.securityLevel } },
    },
  };
}
