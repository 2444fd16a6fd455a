/** Where a function of the merchant's threw, read from an error's stack. */
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/fulfillment/merchant-call.js';

const thrown = (message: string, frames: readonly string[]): Error => {
  const error = new TypeError(message);
  error.stack = [`TypeError: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
};

describe('the place where a merchant’s function threw', () => {
  it.each([
    ['/app/session.js:3:9', ['identify (/app/session.js:3:9)', 'run (/app/main.js:1:1)']],
    ['/app/session.js:3:9', ['/app/session.js:3:9']],
    ['file:///app/session.js:3:9', ['async Object.identify (file:///app/session.js:3:9)']],
    ['file:///app/session.js:3:9', ['async file:///app/session.js:3:9']],
    ['C:\\app\\session.js:3:9', ['new Session [as identify] (C:\\app\\session.js:3:9)']],
    ['/app/(shop)/my route (1).js:3:9', ['identify (/app/(shop)/my route (1).js:3:9)']],
    ['webpack-internal:///(rsc)/./app/route.ts:3:9', ['POST (webpack-internal:///(rsc)/./app/route.ts:3:9)']],
  ])('is %s', (place, frames) => {
    expect(placeOf(thrown('no', frames))).toBe(place);
  });

  it.each([
    ['a package', 'Client.query (/app/node_modules/pg/lib/client.js:1:2)'],
    ['a package on Windows', 'query (C:\\app\\node_modules\\pg\\client.js:1:2)'],
    ['Node', 'node:internal/process/task_queues:95:5'],
    ['Node, waited for', 'async open (node:internal/fs/promises:639:25)'],
    ['an eval', 'eval (eval at run (/app/template.js:1:1), <anonymous>:1:1)'],
    ['native code', 'JSON.parse (<anonymous>)'],
  ])('is not that of %s', (_, frame) => {
    expect(placeOf(thrown('no', [frame, 'identify (/app/session.js:3:9)']))).toBe('/app/session.js:3:9');
    expect(placeOf(thrown('no', [frame]))).toBeNull();
  });

  it('is no line of the message, even one that looks like a frame', () => {
    const message = 'no such buyer\n    at /ada@example.test:1:1';
    expect(placeOf(thrown(message, ['identify (/app/session.js:3:9)']))).toBe('/app/session.js:3:9');
    const changed = thrown(message, []);
    changed.message = 'hidden';
    expect(placeOf(changed)).toBeNull();
  });

  it.each([['text'], [null], [undefined], [{ stack: '    at /app/a.js:1:1' }]])(
    'is not known of %j that was thrown',
    (value) => expect(placeOf(value)).toBeNull(),
  );
});
