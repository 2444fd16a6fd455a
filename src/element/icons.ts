/** Line icons on a 24 px grid, in the colour of the text around them. */
import { html, type TemplateResult } from 'lit';

const PATHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  mail: 'M3.5 6.5h17v11h-17zM4 7l8 6.5L20 7',
  clock: 'M12 7v5l3.5 2M12 3.5a8.5 8.5 0 1 0 .01 0',
  alert: 'M12 8v5M12 16.2v.1M12 3.5a8.5 8.5 0 1 0 .01 0',
  away: 'M13.5 4.5h6v6M19.5 4.5l-8 8M10 6H4.5v13.5H18V14',
  closed: 'M7 7l10 10M17 7L7 17',
  offline:
    'M4 4l16 16M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.4M2.5 8.5A14 14 0 0 1 6 6.3M12 5a14 14 0 0 1 9.5 3.5M15 9.600a10 10 0 0 1 4 2.400M12 19v.1',
  lock: 'M6.5 10.500h11v9h-11zM8.5 10.500V8a3.5 3.5 0 0 1 7 0v2.5',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg part="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
