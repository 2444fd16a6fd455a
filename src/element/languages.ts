/** Whole languages that the page brings along, by tag. */
import type { Messages } from './messages.js';

export const languages: Record<string, Messages> = {};
