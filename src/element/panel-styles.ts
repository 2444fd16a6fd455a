/** What stands beside the frame or in its place, and what is pressed or read in it. */
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
  .strip p {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .strip svg {
    flex: none;
    inline-size: 20px;
    color: var(--_tone);
  }
  .strip .actions {
    flex: none;
    gap: 8px;
  }
  .quiet {
    color: var(--_muted);
  }
  .quiet svg {
    inline-size: 16px;
    color: inherit;
  }
  .quiet p {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .note {
    background: color-mix(in srgb, var(--_tone) 7%, transparent);
  }
  .panel {
    position: sticky;
    inset-block-start: 0;
    display: grid;
    justify-items: center;
    gap: calc(var(--_gap) / 2);
    max-inline-size: 26rem;
    margin-inline: auto;
    padding: calc(var(--_gap) * 6) calc(var(--_gap) * 1.5) calc(var(--_gap) * 3);
    text-align: center;
    text-wrap: balance;
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
    font-size: 1.375rem;
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
  .strip button {
    min-block-size: 36px;
    padding: 6px 12px;
  }
  .strip a {
    /* What is pressed is 24 px high at least. */
    display: inline-block;
    padding-block: 2px;
    color: inherit;
    text-underline-offset: 3px;
    text-decoration-color: color-mix(in srgb, currentColor 35%, transparent);
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
  :is(button, .button):focus-visible {
    border-radius: 8px;
  }
  .progress {
    --_way: 1;
    inline-size: 8rem;
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
    font-size: 0.8125rem;
    text-align: start;
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
    font:
      0.8125rem/1.5 ui-monospace,
      monospace;
    overflow-wrap: anywhere;
    user-select: all;
  }
  @container (inline-size < 35rem) {
    /* The button says it; the room that is kept would not hold both. */
    .strip:has(.actions) span {
      display: none;
    }
    /* Beside the words, a button and a link would leave them a letter's width. */
    .strip:has(.actions) {
      flex-wrap: wrap;
      align-content: center;
      row-gap: 4px;
    }
    .strip .actions {
      box-sizing: border-box;
      inline-size: 100%;
      /* Below the words, not their icon. */
      padding-inline-start: calc(20px + var(--_gap) * 0.75);
      justify-content: start;
    }
    .panel {
      padding: calc(var(--_gap) * 4) var(--_gap) calc(var(--_gap) * 2);
    }
  }
  @container (max-width: 320px) {
    .strip .actions {
      padding: 0;
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
  }
`;
