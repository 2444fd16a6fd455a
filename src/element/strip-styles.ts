/** What stands beside the frame: where it is, or what became of it, with what can be done about that. */
import { css } from 'lit';

export const stripStyles = css`
  .strip {
    display: flex;
    align-items: center;
    gap: calc(var(--_gap) * 0.75);
    /* Two lines fit into the room that is kept. */
    padding: 7px var(--_gap);
    font-size: max(14px, 0.875rem);
    line-height: max(20px, 1.25rem);
  }
  .words {
    display: flex;
    flex: 1;
    align-items: center;
    gap: calc(var(--_gap) * 0.75);
    min-inline-size: 0;
    overflow-wrap: anywhere;
    text-wrap: pretty;
  }
  .strip p {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .strip svg {
    flex: none;
    inline-size: max(20px, 1.25rem);
    color: var(--_tone);
  }
  .words .actions {
    flex: none;
    justify-content: start;
    max-inline-size: 50%;
    gap: 0 16px;
  }
  .quiet {
    color: var(--_muted);
  }
  .quiet svg {
    inline-size: max(16px, 1rem);
    color: inherit;
  }
  .note {
    background: color-mix(in srgb, var(--_tone) 7%, transparent);
  }
  .pressed button {
    min-block-size: 36px;
    padding: 6px 12px;
  }
  .link {
    /* What is pressed is 24 px high at least. */
    display: inline-block;
    min-block-size: 0;
    padding: 3px 0;
    border: 0;
    background: none;
    color: inherit;
    font-weight: inherit;
    text-align: start;
    text-decoration: underline color-mix(in srgb, currentColor 35%, transparent);
    text-underline-offset: 3px;
  }
  /* Its neighbors are near. */
  .link:focus-visible {
    outline-offset: 1px;
  }
  @container (inline-size < max(560px, 35rem)) {
    .strip {
      padding-inline: calc(var(--_gap) * 0.75);
      font-size: max(13px, 0.8125rem);
      line-height: max(19px, 1.1875rem);
    }
    /* Beside the words, what is pressed would leave them a letter's width: it follows them. */
    .words {
      display: block;
      position: relative;
      padding-inline-start: calc(max(20px, 1.25rem) + var(--_gap) * 0.75);
    }
    .words svg {
      position: absolute;
      inset-block-start: 0;
      inset-inline-start: 0;
    }
    /* Words of another language may run the other way: a link must not come between them. */
    .words p:not([lang]) {
      display: inline;
    }
    .words .actions {
      display: inline-flex;
      max-inline-size: 100%;
    }
    /* The button says it; the room that is kept would not hold both. */
    .pressed span {
      display: none;
    }
    .pressed .actions {
      inline-size: 100%;
      margin-block-start: 4px;
    }
  }
`;
