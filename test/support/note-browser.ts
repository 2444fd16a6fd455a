/** Every result of the element's tests names the browser that gave it, for the count of the whole run. */
import { beforeEach } from 'vitest';
import { server } from 'vitest/browser';

declare module 'vitest' {
  interface TaskMeta {
    browser?: string;
  }
}

beforeEach(({ task }) => {
  task.meta.browser = server.browser;
});
