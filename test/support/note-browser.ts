/**
 * Every result of the element's tests names the browser that gave it, for the count of the whole run; and a failed one
 * what was wrong: the stack, which is all that the JSON report keeps of an error, has no message in Firefox.
 */
import { beforeEach } from 'vitest';
import { server } from 'vitest/browser';

declare module 'vitest' {
  interface TaskMeta {
    browser?: string;
    messages?: readonly string[];
  }
}

beforeEach(({ task, onTestFailed }) => {
  task.meta.browser = server.browser;
  onTestFailed(() => {
    task.meta.messages = task.result?.errors?.map(({ message }) => message) ?? [];
  });
});
