/** The kit's adapter for the harness's vendor, made inside a process under chaos. */
import type { VendorAdapter } from 'checkout-embed/fulfillment';
import { ledgerbee, type LedgerBeeOptions } from 'checkout-embed/fulfillment/ledgerbee';

/** The options that survive being written as JSON. */
export type LedgerBeeSettings = Omit<LedgerBeeOptions, 'fetch'>;

export function adapterFor(vendor: string, settings: unknown): VendorAdapter {
  switch (vendor) {
    case 'ledgerbee':
      return ledgerbee(settings as LedgerBeeSettings);
    default:
      throw new Error(`no adapter for ${vendor}`);
  }
}
