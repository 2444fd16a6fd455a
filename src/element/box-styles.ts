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
    /* What is said grows with the reader's text, and is no smaller where a page makes its rem small. */
    font: 400 max(15px, 0.9375rem) / 1.5 var(--checkout-embed-font, system-ui, sans-serif);
  }
  /* The wish where the page asks for one, as a flex row or a dialog does: what the box holds says none. That of a replaced element is given up for want of room. */
  canvas {
    display: block;
    inline-size: min(36rem, 90vw);
    max-inline-size: 100%;
    block-size: 0;
  }
  section {
    inline-size: 100%;
  }
  .strip {
    box-sizing: border-box;
    min-block-size: var(--checkout-embed-strip-height, max(56px, 3.5rem));
    border-block-end: 1px solid var(--_border);
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
    display: block !important;
    inline-size: 100% !important;
    min-block-size: var(--_min) !important;
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
  }
  .bones.forced {
    grid-template-columns: minmax(0, 28rem);
    justify-content: center;
  }
  .stuck {
    align-content: center;
    text-align: center;
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
  @container (inline-size < max(560px, 35rem)) {
    .strip {
      min-block-size: var(--checkout-embed-strip-height, max(80px, 5rem));
    }
    .bones {
      padding: var(--_gap);
    }
  }
  @container (inline-size <= max(320px, 20rem)) {
    .strip {
      min-block-size: var(--checkout-embed-strip-height, max(104px, 6.5rem, max(320px, 20rem) - 80cqi));
    }
  }
`;
