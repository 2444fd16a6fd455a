/** Has LedgerBee announced the end of a call we make? */
import type { Log } from '../../ports.js';
import { nameOf, type ApiCall } from './call.js';

/** Of the successor: an address or a path, without a query. Anything else is not repeated. */
const SUCCESSOR = /<([\w:/.{}-]{1,200})>\s*;\s*rel="?successor-version"?/;

/** Says each announcement once for each call and date, however often it is answered. */
export class DeprecationNotices {
  readonly #said = new Set<string>();

  /** @see "Versioning & Deprecation": `Deprecation: true`, `Sunset: <date>`, `Link: <…>; rel="successor-version"`. */
  note({ headers }: Response, call: ApiCall, log: Log): void {
    if (!headers.has('deprecation') && !headers.has('sunset')) return;
    const name = nameOf(call);
    const endsMs = Date.parse(headers.get('sunset') ?? '');
    const sunset = Number.isNaN(endsMs) ? null : new Date(endsMs).toISOString();
    const announcement = `${name} ${sunset ?? ''}`;
    if (this.#said.has(announcement)) return;
    // Dates of a vendor that writes a new one into each answer must not pile up.
    if (this.#said.size >= 100) this.#said.clear();
    this.#said.add(announcement);
    log({
      level: 'warn',
      event: 'ledgerbee.deprecated',
      message: `LedgerBee will shut down ${name}${sunset === null ? '' : ` on ${sunset}`}: update checkout-embed before`,
      fields: { call: name, sunset, successor: SUCCESSOR.exec(headers.get('link') ?? '')?.[1] ?? null },
    });
  }
}
