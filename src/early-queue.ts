/** Keeps what the vendor's script says before the element's ears are there. */

/** An event and its turn: events of one task share a turn. */
export type EarlyEntry = readonly [event: Event, turn: number];

/** Kept as `window.checkoutEmbedEarly` until the last of those who wait for it has read it. */
export interface EarlyQueue {
  /** Installed before the body began, and read by nobody yet: no pasted frame can have spoken unheard. */
  fromStart: boolean;
  /** Copies of the package that are still to read it. */
  readers: number;
  /** At most 99 of the vendor's events and 999 messages. */
  readonly heard: readonly EarlyEntry[];
  /** Aborted, it listens no more. */
  readonly ended: AbortController;
}

const scope = globalThis as { checkoutEmbedEarly?: EarlyQueue; document?: Document };

/** The page's queue, installed where there is none. Outside a page it does nothing. */
export function listenEarly(): EarlyQueue | undefined {
  if (!scope.document || scope.checkoutEmbedEarly) return scope.checkoutEmbedEarly;
  const heard: EarlyEntry[] = [];
  const ended = new AbortController();
  const left: [messages: number, events: number] = [999, 99];
  let turn = 0;
  const keep = (event: Event): void => {
    // A page full of other frames' messages leaves the vendor's events their places, and its own take none.
    if ((event as MessageEvent).source !== window && (left[event.type === 'message' ? 0 : 1] -= 1) >= 0)
      heard.push([event, turn]);
    // A task that hears something ends before any timer set in it.
    setTimeout(() => (turn += 1));
  };
  for (const name of [
    'pageLoaded',
    'checkoutInitiated',
    'customCtaClicked',
    'checkoutConfirmed',
    'checkoutError',
    'checkoutClosed',
  ]) {
    addEventListener('ledgerbee:embed:' + name, keep, ended);
  }
  addEventListener('message', keep, ended);
  return (scope.checkoutEmbedEarly = {
    fromStart: !scope.document.body,
    readers: 0,
    heard,
    ended,
  });
}

let waits = 0;

/** Has the page's queue wait for this copy of the package, which reads one queue and no other. */
export function awaitEarly(): void {
  const queue = waits ? undefined : listenEarly();
  if (queue) waits = queue.readers += 1;
}

/** The page's queue, where there is one. */
export function earlyQueue(): EarlyQueue | undefined {
  return scope.checkoutEmbedEarly;
}

/** One copy of the package has read it. Another may wait for its second file; after the last it is gone. */
export function leaveEarly(queue: EarlyQueue): void {
  queue.readers -= 1;
  if (queue.readers > 0) return;
  queue.ended.abort();
  delete scope.checkoutEmbedEarly;
}
