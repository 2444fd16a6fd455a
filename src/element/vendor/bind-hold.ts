/**
 * Keeps `embed.js` waiting for its bind token until somebody can hand it one: a single-item checkout asks as soon
 * as it has come, and an answer of nothing would make it anonymous. ASSUMED as in `bind-provider.ts`.
 */

/** What `embed.js` says when it asks. */
export interface BindTokenAsk {
  readonly frame: HTMLIFrameElement;
  readonly planVersionId: string | null;
  readonly planItemId: string | null;
  readonly vanity: string | null;
}

export type Provider = (ask: BindTokenAsk) => Promise<string | null>;

export interface VendorGlobal {
  fetchBindToken?: Held | undefined;
}

/** With what was registered beneath it. */
type Held = Provider & { readonly beneath?: Held | undefined };

/** @param until Then the provider is there, or nobody will ever be. */
export function holdBindTokens(until: Promise<unknown>): void {
  const vendor = ((window as { LedgerBeeEmbed?: VendorGlobal }).LedgerBeeEmbed ??= {});
  const beneath = vendor.fetchBindToken;
  vendor.fetchBindToken = Object.assign(
    async (ask: BindTokenAsk): Promise<string | null> => {
      const { fetchBindToken: before } = vendor;
      await until;
      const { fetchBindToken: now } = vendor;
      // What was there when it was asked has no more to say, be it this hold, one above it, or a page's that led here.
      return (await (now === before ? beneath : now)?.(ask)) ?? null;
    },
    { beneath },
  );
}

/** The page's own provider, where there is one. */
export function beneathHold(provider: Held | undefined): Provider | undefined {
  return provider !== undefined && 'beneath' in provider ? beneathHold(provider.beneath) : provider;
}
