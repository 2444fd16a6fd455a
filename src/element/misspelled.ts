/** Attributes in the spelling of a property, and the reverse: JSX of old sets `handoffurl`, and Angular a property `handoff-url`, which nobody reads. */
import { sayOnce } from './developer-log.js';

/** Said once per page and spelling. What stands there in its own spelling too is read, and needs no word. */
export function tellMisspelled(host: Element): void {
  const { observedAttributes: known } = host.constructor as unknown as {
    readonly observedAttributes: readonly string[];
  };
  // Of an Angular binding: its schema lets every name pass.
  for (const name of known)
    if (name.includes('-') && Object.hasOwn(host, name))
      sayOnce('error', name, `The property ${name} is not read. Set the attribute ${name}.`, host);
  for (const name of host.getAttributeNames()) {
    const meant = known.find((one) => one.replace('-', '') === name.replace('_', ''));
    if (meant !== undefined && !host.hasAttribute(meant))
      sayOnce('error', name, `The attribute ${name} is not read. Set ${meant}.`, host);
  }
}
