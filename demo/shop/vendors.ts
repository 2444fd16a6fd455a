/** The vendors of the shop, with the settings that a real shop has in its environment. */
import type { VendorAdapter } from 'checkout-embed/fulfillment';
import { ledgerbee } from 'checkout-embed/fulfillment/ledgerbee';
import { ledyer } from 'checkout-embed/fulfillment/ledyer';
import { siglume } from 'checkout-embed/fulfillment/siglume';
import type { Sandboxes } from '../sandboxes.js';

export function vendorsOf(
  sandboxes: Sandboxes,
  shopOrigin: string,
  takesMetered: boolean,
): readonly VendorAdapter[] {
  const { ledgerbee: portal, siglume: pay, ledyer: pos } = sandboxes;
  return [
    ledgerbee({
      apiBaseUrl: portal.apiBaseUrl,
      ssoKey: portal.keys.sso,
      apiKey: portal.keys.api,
      webhookSecrets: [portal.webhookSecret],
    }),
    siglume({
      apiBaseUrl: pay.apiBaseUrl,
      merchant: pay.merchant,
      merchantToken: pay.merchantToken,
      webhookSecrets: [pay.webhookSecret],
      challengeSecret: pay.challengeSecret(),
      returnOrigins: [shopOrigin],
      // The tab is in the query, which no page tells its backend.
      returnUrl: `${shopOrigin}/?vendor=siglume`,
      allowMeteredPayments: takesMetered,
    }),
    ledyer({
      environment: 'sandbox',
      ...pos.credentials,
      authBaseUrl: pos.authBaseUrl,
      apiBaseUrl: pos.apiBaseUrl,
    }),
  ];
}
