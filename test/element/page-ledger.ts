/** Keeps the books of what a page holds on to: what was begun and has not been ended. Reads; changes nothing. */
/* oxlint-disable typescript/unbound-method -- Each is called on its own object again. */

export interface Holdings {
  /** On the window, on the document and on what stands in it, by type. */
  readonly listeners: Readonly<Record<string, number>>;
  readonly timers: number;
  readonly observers: number;
  readonly channels: number;
  readonly frames: number;
  /** Scripts and links in the head. */
  readonly head: number;
}

interface Listening {
  readonly target: EventTarget;
  readonly type: string;
  readonly listener: unknown;
  readonly capture: boolean;
}

/** The browser's own, for what is not to be written down. */
const { addEventListener: listen } = EventTarget.prototype;

const listening = new Set<Listening>();
const timers = new Set<unknown>();
const observers = new Set<object>();
const channels = new Set<BroadcastChannel>();

/** From here on everything is written down. Once for a page; it is never undone. */
export function openLedger(): void {
  bookListeners();
  bookTimers();
  for (const Observer of [
    IntersectionObserver,
    ResizeObserver,
    MutationObserver,
    PerformanceObserver,
    ReportingObserver,
  ])
    bookObservers(Observer.prototype);
  const Channel = BroadcastChannel;
  globalThis.BroadcastChannel = class extends Channel {
    constructor(name: string) {
      super(name);
      channels.add(this);
    }
    override close(): void {
      channels.delete(this);
      super.close();
    }
  };
}

export function holdings(): Holdings {
  const listeners: Record<string, number> = {};
  for (const { target, type } of listening) {
    const stays = target === window || (target instanceof Node && target.isConnected);
    if (stays) listeners[type] = (listeners[type] ?? 0) + 1;
  }
  return {
    listeners,
    timers: timers.size,
    observers: observers.size,
    channels: channels.size,
    frames: document.querySelectorAll('iframe').length,
    head: document.head.querySelectorAll('script, link').length,
  };
}

function bookListeners(): void {
  bookListenersOf(EventTarget.prototype);
  // A test runner may have put methods of its own on the window.
  if (Object.hasOwn(window, 'addEventListener')) bookListenersOf(window);
}

function bookListenersOf(owner: EventTarget): void {
  const { addEventListener: add, removeEventListener: remove } = owner;
  owner.addEventListener = function (this: EventTarget | undefined, type, listener, options): void {
    const target = this ?? window;
    add.call(target, type, listener, options);
    const { once = false, signal } = typeof options === 'object' ? options : {};
    if (listener === null || signal?.aborted === true || target instanceof AbortSignal) return;
    const capture = isCapture(options);
    if (find(target, type, listener, capture) !== undefined) return;
    const entry = { target, type, listener, capture };
    listening.add(entry);
    const end = (): void => void listening.delete(entry);
    if (signal !== undefined) listen.call(signal, 'abort', end);
    if (once) listen.call(target, type, end, { once, capture });
  };
  owner.removeEventListener = function (this: EventTarget | undefined, type, listener, options): void {
    const target = this ?? window;
    remove.call(target, type, listener, options);
    const entry = find(target, type, listener, isCapture(options));
    if (entry !== undefined) listening.delete(entry);
  };
}

function isCapture(options: boolean | EventListenerOptions | undefined): boolean {
  return typeof options === 'object' ? (options.capture ?? false) : options === true;
}

function find(target: EventTarget, type: string, listener: unknown, capture: boolean): Listening | undefined {
  for (const one of listening)
    if (one.target === target && one.type === type && one.listener === listener && one.capture === capture)
      return one;
  return undefined;
}

function bookTimers(): void {
  const { setTimeout: later, setInterval: often, clearTimeout: drop, clearInterval: stop } = window;
  const book = (handle: unknown): unknown => {
    timers.add(handle);
    return handle;
  };
  Object.assign(window, {
    setTimeout: (fn: (...given: unknown[]) => void, ms?: number, ...given: unknown[]): unknown => {
      const handle: unknown = later(() => {
        timers.delete(handle);
        fn(...given);
      }, ms);
      return book(handle);
    },
    setInterval: (fn: () => void, ms?: number): unknown => book(often(fn, ms)),
    clearTimeout: (handle?: number): void => {
      timers.delete(handle);
      drop(handle);
    },
    clearInterval: (handle?: number): void => {
      timers.delete(handle);
      stop(handle);
    },
  });
}

function bookObservers(prototype: {
  observe: (this: object, ...given: never[]) => void;
  disconnect: (this: object) => void;
}): void {
  const { observe, disconnect } = prototype;
  prototype.observe = function (...given) {
    observers.add(this);
    observe.apply(this, given);
  };
  prototype.disconnect = function () {
    observers.delete(this);
    disconnect.call(this);
  };
}
