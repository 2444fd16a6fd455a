/**
 * The look. Every colour, space and size that a merchant may want to change is a `--checkout-embed-*` variable;
 * light and dark follow the page's `color-scheme`. No part changes the height of another: what appears has its
 * room from the start.
 */
import { css } from 'lit';

export const styles = css`
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
    --_tone: var(--_notice);
  }
  :host([hidden]) {
    display: none;
  }
  .base {
    --_min: var(--checkout-embed-min-height, var(--_min-height, 560px));
    position: relative;
    container-type: inline-size;
    overflow: clip;
    border: var(--checkout-embed-border-width, 1px) solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font: 400 0.9375rem/1.5 var(--checkout-embed-font, system-ui, sans-serif);
    text-align: start;
  }
  .strip {
    display: flex;
    align-items: center;
    gap: 12px;
    box-sizing: border-box;
    min-block-size: var(--checkout-embed-strip-height, 56px);
    padding: 8px 16px;
    border-block-end: 1px solid var(--_border);
    font-size: 0.875rem;
    line-height: 1.25rem;
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
  .note {
    background: color-mix(in srgb, var(--_tone) 7%, transparent);
  }
  .area {
    position: relative;
    display: grid;
    grid-template: minmax(var(--_min), auto) / minmax(0, 1fr);
  }
  .frame,
  .cover {
    grid-area: 1 / 1;
    min-inline-size: 0;
  }
  .gone {
    visibility: hidden;
  }
  ::slotted(iframe) {
    display: block;
    inline-size: 100%;
    min-block-size: var(--_min);
    border: 0;
  }
  .cover {
    position: relative;
    background: var(--_surface);
  }
  .bones {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr));
    align-content: start;
    gap: 16px;
    padding: 24px;
    overflow: hidden;
  }
  .bones.single {
    grid-template-columns: minmax(0, 28rem);
    justify-content: center;
  }
  .card {
    display: grid;
    gap: 16px;
    padding: 24px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  i {
    display: block;
    block-size: 12px;
    inline-size: 84%;
    border-radius: 6px;
    background: var(--_bone);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  i:nth-child(1) {
    inline-size: 40%;
  }
  i:nth-child(2) {
    block-size: 32px;
    inline-size: 60%;
    margin-block-end: 8px;
  }
  i:nth-child(4) {
    inline-size: 70%;
  }
  i:last-child {
    block-size: 40px;
    inline-size: 100%;
    margin-block-start: 16px;
    border-radius: 8px;
  }
  .panel {
    position: sticky;
    inset-block-start: 0;
    display: grid;
    justify-items: center;
    gap: 8px;
    max-inline-size: 26rem;
    margin-inline: auto;
    padding: 96px 24px 48px;
    text-align: center;
    text-wrap: balance;
  }
  .panel svg {
    box-sizing: border-box;
    inline-size: 56px;
    padding: 14px;
    margin-block-end: 16px;
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
    gap: 12px;
  }
  .panel .actions {
    margin-block-start: 24px;
  }
  button,
  .button {
    box-sizing: border-box;
    min-block-size: 40px;
    padding: 8px 16px;
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
    color: inherit;
    text-underline-offset: 3px;
    text-decoration-color: color-mix(in srgb, currentColor 35%, transparent);
  }
  :is(button, a):hover {
    opacity: 0.85;
    text-decoration-color: currentColor;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  :is(button, .button):focus-visible {
    border-radius: 8px;
  }
  .progress {
    inline-size: 8rem;
    block-size: 3px;
    margin-block-start: 24px;
    overflow: hidden;
    border-radius: 2px;
    background: var(--_bone);
  }
  .progress::before {
    content: '';
    display: block;
    inline-size: 40%;
    block-size: 100%;
    border-radius: inherit;
    background: var(--_muted);
    animation: travel 1.4s ease-in-out infinite alternate;
  }
  details {
    max-inline-size: 100%;
    margin-block-start: 32px;
    padding: 12px 16px;
    border: 1px dashed var(--_border);
    border-radius: 8px;
    font-size: 0.8125rem;
    text-align: start;
  }
  summary {
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
  [role='status'] {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container (inline-size < 35rem) {
    .strip {
      min-block-size: var(--checkout-embed-strip-height, 80px);
      padding-inline: 12px;
      font-size: 0.8125rem;
    }
    .panel {
      padding: 64px 16px 32px;
    }
    .bones {
      padding: 16px;
    }
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @keyframes travel {
    to {
      translate: 150%;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .panel {
      animation: arrive 0.2s ease-out;
    }
    @keyframes arrive {
      from {
        opacity: 0;
        translate: 0 4px;
      }
    }
  }
  @media (prefers-reduced-motion: reduce) {
    i,
    .progress::before {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    i,
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
