/** One server of faults for a whole run of the element's tests. */
import type { TestProject } from 'vitest/node';
import { startFaultServer } from './fault-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly faults: { readonly portal: string; readonly shop: string; readonly closed: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { portal, shop, closed, close } = await startFaultServer();
  project.provide('faults', { portal, shop, closed });
  return close;
}
