/** `embed.js` that is lost on its way. The tests stand in an order: a script that has come hears the frames of the next. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually, hushed, isInView, judged, mount, PORTAL, reach } from './support.js';

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

const asks = (file: string): number =>
  performance.getEntriesByType('resource').filter(({ name }) => name.endsWith(file)).length;

it('is asked for once more, and then the frame is left to the buyer', async () => {
  const element = await mount(`embed-script="${PORTAL}/gone.js" slow-after="60000" timeout="50"`);
  await reach(element, 'slow');
  expect(element.diagnosis).toMatchObject({ code: 'embed-script-failed' });
  await eventually(() => expect(asks('/gone.js')).toBe(2));
  // The deadline too takes it from nobody.
  expect(await element.ready).toBe(false);
  await element.diagnose();
  await judged();
  expect([element.state, isInView(element)]).toEqual(['slow', true]);
  expect(asks('/gone.js')).toBe(2);
});

it('of a line that was gone for a moment is asked for once more at once', async () => {
  const element = await mount(`embed-script="${PORTAL}/lost.js"`);
  await reach(element, 'ready');
  expect(asks('/lost.js')).toBe(2);
});
