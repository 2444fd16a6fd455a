/** What stands in the frame's place, and what is pressed or read anywhere. */
import { css } from 'lit';

export const panelStyles = css`
  :host {
    --_muted: var(--checkout-embed-muted, light-dark(#5f5f69, #a5a5ae));
    --_accent: var(--checkout-embed-accent, light-dark(#18181b, #fafafa));
    --_on-accent: var(--checkout-embed-on-accent, light-dark(#fff, #18181b));
    --_success: var(--checkout-embed-success, light-dark(#157347, #4cc38a));
    --_danger: var(--checkout-embed-danger, light-dark(#b4231f, #ff8f87));
    --_notice: var(--checkout-embed-notice, light-dark(#1f5fbf, #86b6ff));
    --_focus: var(--checkout-embed-focus-ring, light-dark(#1f5fbf, #86b6ff));
    --_tone: var(--_notice);
  }
  .gone {
    visibility: hidden;
  }
  .base {
    text-align: start;
  }
  .panel {
    position: sticky;
    inset-block-start: 0;
    display: grid;
    /* A word that is longer than the panel is broken. */
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    gap: calc(var(--_gap) / 2);
    max-inline-size: max(416px, 26rem);
    margin-inline: auto;
    padding: calc(var(--_gap) * 6) calc(var(--_gap) * 1.5) calc(var(--_gap) * 3);
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .panel svg {
    box-sizing: border-box;
    inline-size: 56px;
    padding: 14px;
    margin-block-end: var(--_gap);
    border-radius: 50%;
    background: color-mix(in srgb, var(--_tone) 12%, transparent);
    color: var(--_tone);
  }
  svg {
    display: block;
    aspect-ratio: 1;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  h2 {
    margin: 0;
    font: inherit;
    font-size: max(22px, 1.375rem);
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.011em;
    outline: none;
  }
  .panel p {
    margin: 0;
    color: var(--_muted);
  }
  .success {
    --_tone: var(--_success);
  }
  .danger {
    --_tone: var(--_danger);
  }
  .plain {
    --_tone: var(--_muted);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_gap) * 0.75);
  }
  .panel .actions {
    margin-block-start: calc(var(--_gap) * 1.5);
  }
  button,
  .button {
    box-sizing: border-box;
    min-block-size: 40px;
    padding: 8px var(--_gap);
    border: 1px solid transparent;
    border-radius: 8px;
    background: var(--_accent);
    color: var(--_on-accent);
    font: inherit;
    font-weight: 500;
    text-decoration: none;
    cursor: pointer;
  }
  .button {
    border-color: var(--_border);
    background: none;
    color: var(--_text);
  }
  :is(button, a):hover {
    opacity: 0.85;
    text-decoration-color: currentColor;
  }
  :is(button, a, summary):focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  :is(button, .button):not(.link):focus-visible {
    border-radius: 8px;
  }
  .progress {
    --_way: 1;
    inline-size: min(8rem, 100%);
    block-size: 3px;
    margin-block-start: calc(var(--_gap) * 1.5);
    overflow: hidden;
    border-radius: 2px;
    background: var(--_bone);
  }
  .progress:dir(rtl) {
    --_way: -1;
  }
  .progress::before {
    content: '';
    display: block;
    inline-size: 40%;
    block-size: 100%;
    border-radius: inherit;
    background: var(--_muted);
    animation: travel calc(var(--_motion) * 7) ease-in-out infinite alternate;
  }
  details {
    max-inline-size: 100%;
    margin-block-start: calc(var(--_gap) * 2);
    padding: 8px 16px;
    border: 1px dashed var(--_border);
    border-radius: 8px;
    font-size: max(13px, 0.8125rem);
    text-align: start;
    text-wrap: wrap;
  }
  summary {
    padding-block: 4px;
    cursor: pointer;
  }
  details p {
    margin-block-start: 8px !important;
  }
  code {
    display: block;
    margin-block-start: 8px;
    font-family: ui-monospace, monospace;
    user-select: all;
  }
  @container (inline-size < max(560px, 35rem)) {
    .panel {
      padding: calc(var(--_gap) * 4) var(--_gap) calc(var(--_gap) * 2);
    }
  }
  /* Text so large needs the room itself. */
  @container (inline-size <= 16rem) {
    .panel {
      padding-block: calc(var(--_gap) * 2);
    }
  }
  @keyframes travel {
    to {
      translate: calc(150% * var(--_way));
    }
  }
  @keyframes arrive {
    from {
      opacity: 0;
      translate: 0 4px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .panel {
      animation: arrive var(--_motion) ease-out;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .progress::before {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    .progress {
      border: 1px solid GrayText;
    }
    .progress::before {
      background: CanvasText;
    }
    button,
    .button {
      border-color: currentColor;
    }
    /* Colors that are forced are the same for all: the way to go is filled. */
    button:not(.link) {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
  .bones {
    /*
     * One for all bones: a page with many checkouts would not keep up with one for each. And not at once: without a
     * graphics card what moves is painted by the processor, and the frame came a sixteenth later for it (measured).
     */
    animation: breathe calc(var(--_motion) * 8) ease-in-out 1s infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bones {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    /* A color that is forced is seen, transparent as it was meant. */
    .empty {
      border-color: Canvas;
    }
    i {
      border: 1px solid GrayText;
    }
  }
`;
