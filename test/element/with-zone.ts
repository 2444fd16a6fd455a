/** Puts zone.js into the page, before anything listens in it: what the tests' runner has put over it goes first. */
for (const own of ['addEventListener', 'removeEventListener']) Reflect.deleteProperty(window, own);
await import('zone.js');
