/**
 * The frame's side of the conversation with embed.js (U1). Messages wait until a first `hello` has named the
 * host, and go to that origin alone; a host that is not on the allowlist is not answered.
 */
export const FRAME_BRIDGE = `
const SOURCE = 'ledgerbee-embed';
const ANSWER_TIMEOUT_MS = 10500; // embed.js gives its provider ten seconds

function createBridge() {
  const isFramed = window.parent !== window;
  const unsent = [];
  const asked = new Map();
  let host = null;

  function post(message) {
    if (config.silent || !isFramed) return;
    if (host === null) unsent.push(message);
    else window.parent.postMessage(message, host);
  }

  addEventListener('message', (event) => {
    const message = event.data;
    if (!isFramed || event.source !== window.parent || config.silent) return;
    if (typeof message !== 'object' || message === null || message.source !== SOURCE || message.v !== 1) return;
    if (message.type === 'hello' && host === null && config.partnerOrigins.includes(event.origin)) {
      host = event.origin;
      unsent.splice(0).forEach(post);
    } else if (message.type === 'bindToken' && event.origin === host) {
      asked.get(message.payload.requestId)?.(message.payload.token);
    }
  });

  const send = (type, payload) => post({ source: SOURCE, v: 1, type, payload });

  /** The bind ref for one item, or null: no page around us, no provider, or no answer in time. */
  function requestBindToken(ids) {
    if (!isFramed || config.silent) return Promise.resolve(null);
    return new Promise((resolve) => {
      const requestId = crypto.randomUUID?.() ?? String(Math.random());
      const settle = (token) => {
        clearTimeout(timer);
        asked.delete(requestId);
        resolve(token);
      };
      const timer = setTimeout(settle, ANSWER_TIMEOUT_MS, null);
      asked.set(requestId, settle);
      send('bindTokenRequest', { requestId, ...ids });
    });
  }

  return { send, requestBindToken };
}
`;
