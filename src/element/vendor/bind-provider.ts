/**
 * Hands bind tokens to `embed.js`. ASSUMED (contract U3): that it calls `window.LedgerBeeEmbed.fetchBindToken`,
 * set before or after the script, with the frame and the picked item, and takes `null` as "go on anonymously".
 */

import { beneathHold, type BindTokenAsk, type Provider, type VendorGlobal } from './bind-hold.js';

export type { BindTokenAsk } from './bind-hold.js';

const routes = new Map<HTMLIFrameElement, Provider>();
/** What the page itself had registered: it stays in charge of every frame that is not ours. */
let pagesOwn: Provider | undefined;

/** Answers for one frame until the returned function is called. Frames of others keep the page's own provider. */
export function provideBindTokens(frame: HTMLIFrameElement, provider: Provider): () => void {
  routes.set(frame, provider);
  install();
  return () => {
    if (routes.get(frame) === provider) routes.delete(frame);
    if (routes.size === 0) uninstall();
  };
}

/** Again after the script has run: it may have made its own global. */
export function install(): void {
  const scope = window as { LedgerBeeEmbed?: VendorGlobal };
  const vendor = (scope.LedgerBeeEmbed ??= {});
  if (routes.size === 0 || vendor.fetchBindToken === route) return;
  pagesOwn = beneathHold(vendor.fetchBindToken);
  vendor.fetchBindToken = route;
}

function uninstall(): void {
  const vendor = (window as { LedgerBeeEmbed?: VendorGlobal }).LedgerBeeEmbed;
  if (vendor?.fetchBindToken !== route) return;
  vendor.fetchBindToken = pagesOwn;
  pagesOwn = undefined;
}

async function route(ask: BindTokenAsk): Promise<string | null> {
  const provider = routes.get(ask.frame) ?? pagesOwn;
  return (await provider?.(ask)) ?? null;
}
