/** A vendor whose every word a test decides: a real adapter, without a network. */
import { SignatureError, type FrameVendor } from '../../../src/fulfillment/index.js';
import type { Vendor } from '../../../src/protocol/index.js';
import type { DecodedDelivery, Identity, MintedToken, Observation } from '../../../src/fulfillment/index.js';

export interface Delivery {
  readonly id: string;
  readonly topic?: string;
  readonly subject?: string | null;
  readonly reference?: string | null;
  /** What the adapter makes of it instead of a message about a subject. */
  readonly as?: 'ignored' | 'unreadable';
}

export class FakeVendor implements FrameVendor {
  readonly name: Vendor;
  readonly flow = 'frame';
  readonly acceptedStatus = 204;
  /** What the vendor's API holds, by subject. */
  readonly subjects = new Map<string, Observation>();
  readonly fetched: string[] = [];
  readonly listed: string[] = [];
  readonly minted: { identity: Identity | null; reference: string }[] = [];
  /** Replaces the answers of a call, for as long as a test wants. */
  onFetch: ((subject: string) => Promise<Observation | null>) | null = null;
  onList: ((reference: string) => Promise<readonly Observation[]>) | null = null;
  onMint: (() => Promise<MintedToken>) | null = null;

  constructor(name: Vendor = 'ledgerbee') {
    this.name = name;
  }

  verify(rawBody: Uint8Array, headers: Headers): { messageId: string; rawBody: Uint8Array } {
    if (headers.get('x-signature') !== 'good') throw new SignatureError('no-match', 'not ours');
    return { messageId: headers.get('x-id') ?? '', rawBody };
  }

  decode({ messageId, rawBody }: { messageId: string; rawBody: Uint8Array }): DecodedDelivery {
    const {
      topic = 'subscription.started',
      subject = null,
      reference = null,
      as,
    } = JSON.parse(new TextDecoder().decode(rawBody)) as Delivery;
    if (as !== undefined || subject === null)
      return { kind: as ?? 'ignored', topic, why: 'the test says so' };
    return {
      kind: 'subject',
      topic,
      subject,
      reference,
      facts: [{ kind: 'announced', subject, topic, messageId }],
    };
  }

  async fetchSubject(subject: string): Promise<Observation | null> {
    this.fetched.push(subject);
    if (this.onFetch !== null) return this.onFetch(subject);
    return Promise.resolve(this.subjects.get(subject) ?? null);
  }

  async listByReference(reference: string): Promise<readonly Observation[]> {
    this.listed.push(reference);
    if (this.onList !== null) return this.onList(reference);
    return Promise.resolve([...this.subjects.values()].filter((found) => found.reference === reference));
  }

  async mintBindToken(identity: Identity | null, reference: string): Promise<MintedToken> {
    this.minted.push({ identity, reference });
    if (this.onMint !== null) return this.onMint();
    if (identity === null) return { bindToken: null, unbound: 'anonymous' };
    return Promise.resolve({ bindToken: `bind-${this.minted.length}`, expiresAt: null });
  }

  /** Puts a subscription into the vendor's API. */
  sells(observation: Partial<Observation> & { readonly subject: string }): void {
    this.subjects.set(observation.subject, { ...granted(observation.subject, null), ...observation });
  }
}

export function granted(subject: string, reference: string | null): Observation {
  return {
    subject,
    reference,
    access: 'granted',
    vendorStatus: 'active',
    planId: 'plan-pro',
    customerId: 'cus-1',
  };
}
