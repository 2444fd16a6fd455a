/** Attributes in the spelling of a property, as JSX of old writes them: HTML makes `handoffurl` of it, which nobody reads. */
import { sayOnce } from './developer-log.js';

/** Said once per page and spelling. What stands there in its own spelling too is read, and needs no word. */
export function tellMisspelled(host: Element): void {
  const { observedAttributes: known } = host.constructor as unknown as {
    readonly observedAttributes: readonly string[];
  };
  for (const name of host.getAttributeNames()) {
    const meant = known.find((one) => one.replace('-', '') === name.replace('_', ''));
    if (meant !== undefined && !host.hasAttribute(meant))
      sayOnce('error', name, `The attribute ${name} is not read. Set ${meant}.`, host);
  }
}
