/** `embed.js` that is lost on its way. The tests stand in an order: a script that has come hears the frames of the next. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually, hushed, judged, mount, PORTAL, reach, say, timesAsked } from './support.js';

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

const asks = (file: string): number =>
  performance.getEntriesByType('resource').filter(({ name }) => name.endsWith(file)).length;

it('is asked for once more, and then the frame is left to the buyer', async () => {
  const element = await mount(`embed-script="${PORTAL}/gone.js"`);
  await reach(element, 'slow');
  expect(element.diagnosis).toMatchObject({ code: 'embed-script-failed' });
  await eventually(() => expect(asks('/gone.js')).toBe(2));
  await element.diagnose();
  await judged();
  expect(asks('/gone.js')).toBe(2);
});

it('of a line that was gone for a moment is asked for once more at once', async () => {
  const element = await mount(`embed-script="${PORTAL}/lost.js"`);
  await reach(element, 'ready');
  expect(asks('/lost.js')).toBe(2);
});

it('is asked for when the line is back, and the frame that the buyer has stays', async () => {
  const element = await mount(
    `plan="silent-twice" portal="${PORTAL}" embed-script="${PORTAL}/lost-twice.js"`,
  );
  await reach(element, 'slow');
  await eventually(() => expect(asks('/lost-twice.js')).toBe(2));
  await judged();
  const before = await timesAsked('silent-twice');
  window.dispatchEvent(new Event('online'));
  await eventually(() => expect(asks('/lost-twice.js')).toBe(3));
  say(element, 'pageLoaded');
  await reach(element, 'ready');
  expect(await timesAsked('silent-twice')).toBe(before);
});
