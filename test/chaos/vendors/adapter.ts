/** The kit's adapters for the harness's vendors, made inside a process under chaos. */
import type { VendorAdapter } from 'checkout-embed/fulfillment';
import { ledgerbee, type LedgerBeeOptions } from 'checkout-embed/fulfillment/ledgerbee';
import { ledyer, type LedyerOptions } from 'checkout-embed/fulfillment/ledyer';
import { siglume, type SiglumeOptions } from 'checkout-embed/fulfillment/siglume';
import type { VendorName } from '../vendor.js';

/** The options that survive being written as JSON. */
export type LedgerBeeSettings = Omit<LedgerBeeOptions, 'fetch'>;
export type LedyerSettings = Omit<LedyerOptions, 'fetch'>;
export type SiglumeSettings = Omit<SiglumeOptions, 'fetch'>;

/** Its readings after a notification, compressed: an hour takes seconds here, in milliseconds. */
const SETTLE_DELAYS_MS = [300, 1_500, 6_000];

export function adapterFor(vendor: VendorName, settings: unknown): VendorAdapter {
  switch (vendor) {
    case 'ledgerbee':
      return ledgerbee(settings as LedgerBeeSettings);
    case 'ledyer':
      return { ...ledyer(settings as LedyerSettings), settleDelaysMs: SETTLE_DELAYS_MS };
    case 'siglume':
      return siglume(settings as SiglumeSettings);
  }
}
