/** An element that is taken out of the page leaves in a task of its own: those of one test are gone when the next begins. */
import { beforeEach } from 'vitest';

beforeEach(() => new Promise<void>((resolve) => setTimeout(resolve)));
