/**
 * The ready snippet that the operator copies from LedgerBee's own app. Its attributes are ASSUMED (U2, U28). A
 * host page with a content security policy needs the portal in `script-src` and `frame-src` (U29).
 */
import { html } from './html.js';

const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation';

/** @param path Of the surface, with its query, e.g. `/embed/pro-plan?target=inline`. */
export function embedSnippet(portalOrigin: string, path: string): string {
  return html`<iframe
      src="${portalOrigin}${path}"
      title="Checkout"
      style="width: 100%; border: 0; min-height: 480px"
      sandbox="${SANDBOX}"
      allow="payment"
      referrerpolicy="strict-origin-when-cross-origin"
    ></iframe>
    <script async src="${portalOrigin}/embed.js"></script>`.markup;
}
