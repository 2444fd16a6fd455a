/** `<template slot="settled">`: what it holds is in the page only as long as its state is shown. */
import { MARK } from './own-frame.js';

export class SlottedTemplates {
  readonly #host: HTMLElement;
  readonly #copies = new Map<string, HTMLElement>();

  constructor(host: HTMLElement) {
    this.#host = host;
    for (const left of host.querySelectorAll(`:scope > [slot][${MARK}]`)) left.remove();
  }

  /** Puts a copy into each of these slots, and takes out those of all others. */
  show(slots: readonly string[]): void {
    for (const [slot, copy] of this.#copies) {
      if (slots.includes(slot)) continue;
      copy.remove();
      this.#copies.delete(slot);
    }
    for (const slot of slots) {
      const template = this.#host.querySelector<HTMLTemplateElement>(`:scope > template[slot="${slot}"]`);
      if (template === null || this.#copies.has(slot)) continue;
      const copy = document.createElement('div');
      copy.slot = slot;
      copy.setAttribute(MARK, '');
      copy.append(contentOf(template));
      this.#host.append(copy);
      this.#copies.set(slot, copy);
    }
  }
}

/** A copy. React and Vue put what a template holds beside its content, as children of its own. */
function contentOf(template: HTMLTemplateElement): DocumentFragment {
  const content = document.importNode(template.content, true);
  if (!content.hasChildNodes())
    content.append(...[...template.childNodes].map((node) => node.cloneNode(true)));
  return content;
}
