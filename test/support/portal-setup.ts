/** One portal stub for a whole run of the element's tests. */
import type { TestProject } from 'vitest/node';
import { startPortalStub } from './portal-stub.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly portalOrigin: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stub = await startPortalStub();
  project.provide('portalOrigin', stub.origin);
  return stub.close;
}
