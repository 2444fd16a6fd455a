/**
 * `/embed.js`, as a partner's page loads it. What it promises is documented (contract §2.1): it checks each
 * message against the iframe it owns and re-dispatches it as a CustomEvent on `window`. How it finds the
 * iframes (U2), the wire format (U1), the provider's name and its ten seconds (U3) and resizing (U8) are
 * ASSUMED.
 *
 * Text, not a module: it runs in a page that this package does not build.
 */
import type { AssumptionValues } from '../assumptions.js';

export type EmbedScriptOptions = Pick<AssumptionValues, 'dispatch' | 'frames' | 'resize'>;

export function embedScript({ dispatch, frames, resize }: EmbedScriptOptions): string {
  return `'use strict';
(() => {
  const SOURCE = 'ledgerbee-embed';
  const EVENTS = ['pageLoaded', 'checkoutInitiated', 'customCtaClicked', 'checkoutConfirmed', 'checkoutError', 'checkoutClosed'];
  const PROVIDER_TIMEOUT_MS = 10000;
  const MIN_HEIGHT_PX = 120;
  const MAX_HEIGHT_PX = 10000;
  const DISPATCH = ${JSON.stringify(dispatch)};
  const FRAMES = ${JSON.stringify(frames)};
  const RESIZE = ${JSON.stringify(resize)};

  const portal = new URL(document.currentScript.src).origin;
  const loaded = Symbol.for('ledgerbee-embed ' + portal);
  if (window[loaded]) return;
  window[loaded] = true;

  /** Every iframe adopted so far; one that left the document has no window to speak from. */
  const owned = new Set();

  function isEmbed(frame) {
    try {
      const url = new URL(frame.src);
      return url.origin === portal && url.pathname.startsWith('/embed/');
    } catch {
      return false;
    }
  }

  // Says who is listening, and nothing else: any document may read it.
  function hello(frame) {
    frame.contentWindow?.postMessage({ source: SOURCE, v: 1, type: 'hello', payload: {} }, '*');
  }

  function adopt(frame) {
    if (!isEmbed(frame)) return;
    if (!owned.has(frame)) {
      owned.add(frame);
      frame.addEventListener('load', () => hello(frame));
    }
    hello(frame);
  }

  function adoptWithin(node) {
    if (node instanceof HTMLIFrameElement) adopt(node);
    else if (node instanceof Element) node.querySelectorAll('iframe').forEach(adopt);
  }

  function answer(frame, requestId, token) {
    const payload = { requestId, token };
    frame.contentWindow?.postMessage({ source: SOURCE, v: 1, type: 'bindToken', payload }, portal);
  }

  async function provideToken(frame, { requestId, planVersionId, planItemId, vanity }) {
    let timer;
    const tooLate = new Promise((resolve) => { timer = setTimeout(resolve, PROVIDER_TIMEOUT_MS, null); });
    try {
      const provider = window.LedgerBeeEmbed?.fetchBindToken;
      const asked = typeof provider === 'function' ? provider({ frame, planVersionId, planItemId, vanity }) : null;
      const token = await Promise.race([asked, tooLate]);
      answer(frame, requestId, typeof token === 'string' && token !== '' ? token : null);
    } catch {
      answer(frame, requestId, null);
    } finally {
      clearTimeout(timer);
    }
  }

  function redispatch(frame, type, payload) {
    const tell = () => window.dispatchEvent(new CustomEvent('ledgerbee:embed:' + type, { detail: { ...payload, frame } }));
    if (DISPATCH === 'late') setTimeout(tell, 0);
    else tell();
  }

  window.addEventListener('message', (event) => {
    const message = event.data;
    if (event.origin !== portal || typeof message !== 'object' || message === null) return;
    if (message.source !== SOURCE || message.v !== 1) return;
    const frame = [...owned].find((candidate) => candidate.contentWindow === event.source);
    if (!event.source || !frame || !isEmbed(frame)) return;
    const payload = message.payload ?? {};
    if (EVENTS.includes(message.type)) redispatch(frame, message.type, payload);
    else if (message.type === 'bindTokenRequest') void provideToken(frame, payload);
    else if (message.type === 'resize' && RESIZE && Number.isInteger(payload.height)) {
      frame.style.height = Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, payload.height)) + 'px';
    }
  });

  adoptWithin(document.documentElement);
  if (FRAMES === 'at-load') {
    if (document.readyState === 'loading') {
      addEventListener('DOMContentLoaded', () => adoptWithin(document.documentElement), { once: true });
    }
    return;
  }
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === 'attributes') adoptWithin(record.target);
      else record.addedNodes.forEach(adoptWithin);
    }
    for (const frame of owned) if (!frame.isConnected) owned.delete(frame);
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['src'] });
})();
`;
}
