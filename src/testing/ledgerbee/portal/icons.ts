/** The few line icons of the portal's pages. Decoration: each stands beside its words. */
import { type Html, trusted } from './html.js';

const icon = (path: string): Html =>
  trusted(`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${path}</svg>`);

export const ICONS = {
  check: icon('<path d="M5 12.5l4.5 4.5L19 7.5"/>'),
  mail: icon('<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M4 7l8 6 8-6"/>'),
  card: icon('<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 10h18M7 15h4"/>'),
  close: icon('<path d="M7 7l10 10M17 7L7 17"/>'),
  lost: icon('<circle cx="11" cy="11" r="6"/><path d="M20 20l-4.5-4.5"/>'),
  warning: icon('<path d="M12 4l9 16H3z"/><path d="M12 10v4M12 17v.5"/>'),
  lock: icon('<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>'),
} as const;
