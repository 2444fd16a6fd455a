/** The three vendors, each on an origin of its own and all on one clock scale, sending to the shop's receiver. */
import {
  createLedgerBeeSandbox,
  createLedyerSandbox,
  createSiglumeSandbox,
  type LedgerBeeSandbox,
  type LedyerSandbox,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import type { DemoConfig } from './config.js';

export interface Sandboxes {
  readonly ledgerbee: LedgerBeeSandbox;
  readonly siglume: SiglumeSandbox;
  readonly ledyer: LedyerSandbox;
}

const PORTAL_HOST = 'acme.portal.localhost';

/** What was started is handed to `onStop` at once: a later one may find its port taken. */
export async function startSandboxes(
  config: DemoConfig,
  shopOrigin: string,
  onStop: (stop: () => Promise<void>) => void,
): Promise<Sandboxes> {
  const { timeScale } = config;
  const receiver = (vendor: keyof Sandboxes): string =>
    `http://127.0.0.1:${config.shopPort}/checkout/webhooks/${vendor}`;
  const ledgerbee = await createLedgerBeeSandbox({
    port: config.portalPort,
    portalHost: PORTAL_HOST,
    partnerOrigins: [shopOrigin],
    timeScale,
    webhook: { url: receiver('ledgerbee') },
  });
  onStop(() => ledgerbee.close());
  const siglume = await createSiglumeSandbox({
    port: config.siglumePort,
    merchant: 'plumbline',
    returnOrigins: [shopOrigin],
    timeScale,
    webhook: { url: receiver('siglume') },
  });
  onStop(() => siglume.close());
  const ledyer = await createLedyerSandbox({
    port: config.ledyerPort,
    partnerOrigins: [shopOrigin],
    timeScale,
    notifications: { url: receiver('ledyer') },
  });
  onStop(() => ledyer.close());
  return { ledgerbee, siglume, ledyer };
}
