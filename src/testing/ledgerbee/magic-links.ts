/**
 * Mail to anonymous buyers: one link, a day, one use. The click creates the subscription. What the link looks
 * like and how long it lives is ASSUMED (U30).
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { VendorTime } from './clock.js';

const LINK_LIFETIME_MS = 24 * 60 * 60_000;

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  /** The magic link. */
  readonly url: string;
  /** ISO 8601. */
  readonly sentAt: string;
  readonly expiresAt: string;
  readonly usedAt: string | null;
}

/** What the click on the link will buy. */
export interface PendingPurchase {
  readonly email: string;
  readonly planId: string;
  readonly planItemId: string;
  /** ISO 8601 date, or `null` for at once. */
  readonly startDate: string | null;
  readonly reference: string | null;
  readonly returnUrl: string | null;
}

export type LinkClick =
  | { readonly kind: 'purchase'; readonly purchase: PendingPurchase }
  | { readonly kind: 'used' | 'expired' | 'unknown' };

interface Link {
  readonly purchase: PendingPurchase;
  readonly expiresAtMs: number;
  readonly mailId: string;
}

export class MagicLinks {
  readonly #links = new Map<string, Link>();
  readonly #time: VendorTime;
  readonly #linkBase: () => string;
  #mails: readonly Mail[] = [];

  constructor(time: VendorTime, linkBase: () => string) {
    this.#time = time;
    this.#linkBase = linkBase;
  }

  send(purchase: PendingPurchase, planName: string): Mail {
    const token = randomBytes(24).toString('base64url');
    const expiresAtMs = this.#time.now() + this.#time.lifetime(LINK_LIFETIME_MS);
    const mail: Mail = {
      id: randomUUID(),
      to: purchase.email,
      subject: `Confirm your subscription to ${planName}`,
      url: `${this.#linkBase()}/verify/${token}`,
      sentAt: this.#time.iso(),
      expiresAt: this.#time.iso(expiresAtMs),
      usedAt: null,
    };
    this.#links.set(token, { purchase, expiresAtMs, mailId: mail.id });
    this.#mails = [...this.#mails, mail];
    return mail;
  }

  /** Spends the link. */
  click(token: string): LinkClick {
    const link = this.#links.get(token);
    if (link === undefined) return { kind: 'unknown' };
    const mail = this.#mails.find(({ id }) => id === link.mailId);
    if (mail?.usedAt !== null) return { kind: 'used' };
    if (link.expiresAtMs <= this.#time.now()) return { kind: 'expired' };
    const usedAt = this.#time.iso();
    this.#mails = this.#mails.map((entry) => (entry.id === link.mailId ? { ...entry, usedAt } : entry));
    return { kind: 'purchase', purchase: link.purchase };
  }

  /** Oldest first. */
  list(): readonly Mail[] {
    return this.#mails;
  }
}
