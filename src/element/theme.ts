/**
 * Every color, space, size and time that a merchant may want to change is a `--checkout-embed-*` variable. Light
 * and dark follow the page's `color-scheme`. What is only seen with a panel comes with `panel-styles.ts`.
 */
import { css } from 'lit';

export const theme = css`
  :host {
    display: block;
    --_text: var(--checkout-embed-text, light-dark(#18181b, #f4f4f5));
    --_surface: var(--checkout-embed-surface, light-dark(#fff, #18181b));
    --_border: var(--checkout-embed-border, light-dark(#e4e4e7, #313136));
    --_bone: var(--checkout-embed-skeleton, light-dark(#ececef, #2a2a2f));
    --_radius: var(--checkout-embed-radius, 12px);
    --_gap: var(--checkout-embed-gap, 16px);
    --_motion: var(--checkout-embed-motion, 0.2s);
  }
  :host([hidden]) {
    display: none;
  }
`;
