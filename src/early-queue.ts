/** Keeps what the vendor's script says before the element's ears are there. */

/** An event and its turn: events of one task share a turn. */
export type EarlyEntry = readonly [event: Event, turn: number];

/** Kept as `window.checkoutEmbedEarly`; the first ears take it. */
export interface EarlyQueue {
  /** Installed before the body began, and not taken yet: no pasted frame can have spoken unheard. */
  fromStart: boolean;
  /** Ends the listening and gives what was heard, at most 99 of the vendor's events and 99 messages, once. */
  readonly take: () => readonly EarlyEntry[];
}

const scope = globalThis as { checkoutEmbedEarly?: EarlyQueue; document?: Document };

/** The page's queue, installed where there is none. Outside a page it does nothing. */
export function listenEarly(): EarlyQueue | undefined {
  if (!scope.document || scope.checkoutEmbedEarly) return scope.checkoutEmbedEarly;
  const heard: EarlyEntry[] = [];
  const ended = new AbortController();
  const left: [messages: number, events: number] = [99, 99];
  let turn = 0;
  const keep = (event: Event): void => {
    // A page full of other frames' messages leaves the vendor's events their places.
    const places = (left[event.type === 'message' ? 0 : 1] -= 1);
    if (places >= 0 && (event as MessageEvent).source !== window) heard.push([event, turn]);
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
    take: () => {
      ended.abort();
      return heard.splice(0);
    },
  });
}
