/** The script of the embed pages, put together. Text, not a module: it runs in the portal's page. */
import { FRAME_BRIDGE } from './frame-bridge.js';
import { FRAME_CHECKOUT } from './frame-checkout.js';
import { FRAME_ROBOT } from './frame-robot.js';
import { FRAME_SURFACE } from './frame-surface.js';
import { FRAME_VIEWS } from './frame-views.js';

export const FRAME_SCRIPT = `'use strict';
(() => {
const config = JSON.parse(document.getElementById('config').textContent);
${FRAME_VIEWS}${FRAME_BRIDGE}${FRAME_CHECKOUT}
const bridge = createBridge();
${FRAME_ROBOT}${FRAME_SURFACE}})();
`;
