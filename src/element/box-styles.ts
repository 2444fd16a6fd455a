/** The box, the strip, the frame and the skeleton. No part changes the height of another: what appears has its room from the start. */
import { css } from 'lit';

export const boxStyles = css`
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
    gap: calc(var(--_gap) * 0.75);
    box-sizing: border-box;
    min-block-size: var(--checkout-embed-strip-height, 56px);
    /* Two lines fit into the room that is kept. */
    padding: 7px var(--_gap);
    border-block-end: 1px solid var(--_border);
    font-size: 0.875rem;
    line-height: 1.25rem;
  }
  .empty {
    border-color: transparent;
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
    gap: var(--_gap);
    padding: calc(var(--_gap) * 1.5);
    overflow: hidden;
    /*
     * One for all bones: a page with many checkouts would not keep up with one for each. And not at once: without a
     * graphics card what moves is painted by the processor, and the frame came a sixteenth later for it (measured).
     */
    animation: breathe calc(var(--_motion) * 8) ease-in-out 1s infinite alternate;
  }
  .bones.forced {
    grid-template-columns: minmax(0, 28rem);
    justify-content: center;
  }
  .stuck {
    align-content: center;
    text-align: center;
    animation: none;
  }
  button {
    min-height: 24px;
  }
  .card {
    display: grid;
    gap: var(--_gap);
    padding: calc(var(--_gap) * 1.5);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  i {
    display: block;
    block-size: 12px;
    inline-size: 84%;
    border-radius: 6px;
    background: var(--_bone);
  }
  i:nth-child(1) {
    inline-size: 40%;
  }
  i:nth-child(2) {
    block-size: 32px;
    inline-size: 60%;
    margin-block-end: 8px;
  }
  i:last-child {
    block-size: 40px;
    inline-size: 100%;
    margin-block-start: 16px;
    border-radius: 8px;
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
      padding-inline: calc(var(--_gap) * 0.75);
      font-size: 0.8125rem;
    }
    .bones {
      padding: var(--_gap);
    }
  }
  @container (max-width: 320px) {
    .strip {
      min-block-size: var(--checkout-embed-strip-height, 104px);
    }
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
