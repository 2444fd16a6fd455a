/** `npx playwright test -c test/e2e/screenshots.config.ts`: pictures of every state, for eyes; no part of `npm test`. */
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

export default defineConfig({
  ...base,
  testMatch: 'screenshots.ts',
  reporter: 'list',
});
