/** The button, and the box that takes its place. What is in the box looks as in every checkout. */
import { css } from 'lit';

export const redirectStyles = css`
  .base {
    position: relative;
    container-type: inline-size;
    color: var(--_text);
    font: 400 max(15px, 0.9375rem) / 1.5 var(--checkout-embed-font, system-ui, sans-serif);
    text-align: start;
  }
  .base > button {
    inline-size: 100%;
    min-block-size: 48px;
    border-radius: var(--_radius);
    font-size: max(16px, 1rem);
    overflow-wrap: anywhere;
  }
  button[aria-disabled='true'] {
    cursor: progress;
    opacity: 0.7;
  }
  .box {
    border: var(--checkout-embed-border-width, 1px) solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .box .panel {
    position: static;
    padding-block: calc(var(--_gap) * 3);
  }
  .note {
    display: flex;
    align-items: start;
    gap: calc(var(--_gap) * 0.75);
    margin-block-end: calc(var(--_gap) * 0.75);
    padding: calc(var(--_gap) * 0.75) var(--_gap);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_tone) 7%, transparent);
    font-size: max(14px, 0.875rem);
  }
  .note p {
    min-inline-size: 0;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .note svg {
    flex: none;
    inline-size: max(20px, 1.25rem);
    color: var(--_tone);
  }
  [role='status'] {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .note {
      border: 1px solid CanvasText;
    }
    button[aria-disabled='true'] {
      background: ButtonFace;
      color: GrayText;
      opacity: 1;
    }
  }
`;
