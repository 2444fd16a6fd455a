/** What tests of the LedgerBee adapter share: options that are plainly fake, and deliveries signed by hand. */
import { createHmac, randomBytes } from 'node:crypto';
import type { LedgerBeeOptions } from '../../src/fulfillment/vendors/ledgerbee/index.js';

export function newSecret(bytes = 32): string {
  return `whsec_${randomBytes(bytes).toString('base64')}`;
}

export const LEDGERBEE_OPTIONS: LedgerBeeOptions = {
  apiBaseUrl: 'http://127.0.0.1:9/api/v1',
  apiKey: 'fake-api-key',
  ssoKey: 'fake-sso-key',
  webhookSecrets: [newSecret()],
};

/** The three headers of a delivery, signed over exactly these bytes. */
export function signed(
  body: Uint8Array,
  {
    secret,
    id = 'msg_test',
    atSeconds,
  }: { readonly secret: string; readonly id?: string; readonly atSeconds: number },
): Headers {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${atSeconds}.`).update(body).digest('base64');
  return new Headers({
    'webhook-id': id,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': `v1,${signature}`,
  });
}
