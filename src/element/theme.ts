/**
 * Every color, space, size and time that a merchant may want to change is a `--checkout-embed-*` variable. Light
 * and dark follow the page's `color-scheme`.
 */
import { css } from 'lit';

export const theme = css`
  :host {
    display: block;
    --_text: var(--checkout-embed-text, light-dark(#18181b, #f4f4f5));
    --_muted: var(--checkout-embed-muted, light-dark(#5f5f69, #a5a5ae));
    --_surface: var(--checkout-embed-surface, light-dark(#fff, #18181b));
    --_border: var(--checkout-embed-border, light-dark(#e4e4e7, #313136));
    --_accent: var(--checkout-embed-accent, light-dark(#18181b, #fafafa));
    --_on-accent: var(--checkout-embed-on-accent, light-dark(#fff, #18181b));
    --_success: var(--checkout-embed-success, light-dark(#157347, #4cc38a));
    --_danger: var(--checkout-embed-danger, light-dark(#b4231f, #ff8f87));
    --_notice: var(--checkout-embed-notice, light-dark(#1f5fbf, #86b6ff));
    --_bone: var(--checkout-embed-skeleton, light-dark(#ececef, #2a2a2f));
    --_focus: var(--checkout-embed-focus-ring, light-dark(#1f5fbf, #86b6ff));
    --_radius: var(--checkout-embed-radius, 12px);
    --_gap: var(--checkout-embed-gap, 16px);
    --_motion: var(--checkout-embed-motion, 0.2s);
    --_tone: var(--_notice);
  }
  :host([hidden]) {
    display: none;
  }
`;
