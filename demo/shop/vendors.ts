/** The vendors of the shop, with the settings that a real shop has in its environment. */
import type { VendorAdapter } from 'checkout-embed/fulfillment';
import { ledgerbee } from 'checkout-embed/fulfillment/ledgerbee';
import { ledyer } from 'checkout-embed/fulfillment/ledyer';
import type { Sandboxes } from '../sandboxes.js';

export function vendorsOf(sandboxes: Sandboxes): readonly VendorAdapter[] {
  const { ledgerbee: portal, ledyer: pos } = sandboxes;
  return [
    ledgerbee({
      apiBaseUrl: portal.apiBaseUrl,
      ssoKey: portal.keys.sso,
      apiKey: portal.keys.api,
      webhookSecrets: [portal.webhookSecret],
    }),
    ledyer({
      environment: 'sandbox',
      ...pos.credentials,
      authBaseUrl: pos.authBaseUrl,
      apiBaseUrl: pos.apiBaseUrl,
    }),
  ];
}
