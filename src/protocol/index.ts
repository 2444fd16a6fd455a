/** All that the page and the backend share: order status, attempt, signal, refusal, and how each is decoded. */
export * from './attempt.js';
export * from './decode.js';
export * from './refusal.js';
export * from './signal.js';
export * from './status.js';
export * from './loopback.js';
export * from './url.js';
export * from './vendor.js';
export * from './version.js';
