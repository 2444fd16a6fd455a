/**
 * One pair of ears for all elements of a page: hears the vendor's six events, finds the element whose frame
 * speaks, and weighs each event against genuine messages.
 *
 * Any script can dispatch `ledgerbee:embed:*`. A genuine one is dispatched while a trusted `message` of the
 * frame's own window and origin goes through its listeners, the vendor's among them. So our first listener
 * opens a bracket and our last one closes it: what is heard in between is `inside`. Where the vendor's script
 * was on the page before us it speaks before our first listener (in Chromium, which knows no capture on the window), and
 * its event comes just `ahead` of the message. Both are judged at the end of the turn, in a timer: microtasks run between
 * listeners. Whose words they are is noted when they are heard: in the same turn the page may take the element away, or
 * want another plan.
 *
 * This is hygiene, not a boundary: a script that waits for a genuine message may still forge within it, and one that
 * comes before us may falsify what a message says of itself. The boundary is the webhook.
 */
import type { RejectReason } from '../core/attempt-states.js';
import {
  decodeVendorEvent,
  UnknownWordError,
  VENDOR_EVENT_NAMES,
  type VendorEvent,
} from '../core/vendor-events.js';
import { earlyQueue, leaveEarly, type EarlyQueue } from '../early-queue.js';
import { sayOnce } from './developer-log.js';

/** An element with a frame. */
export interface FrameOwner<Subject extends object = object> {
  readonly frame: HTMLIFrameElement | null;
  /** The origin that speaks for the frame; `null` before there is one. */
  readonly portalOrigin: string | null;
  /** What its frame speaks of now; the next one may have the same frame. */
  readonly subject: Subject | null;
  /** @param subject As it was when the event was heard. */
  hear(event: VendorEvent, subject: Subject | null): void;
  reject(reason: RejectReason, name: string): void;
  /** A message came from the frame's window with the origin `"null"`: a sandbox took its origin. */
  noticeOpaqueOrigin(): void;
}

interface Message {
  readonly source: MessageEventSource | null;
  readonly origin: string;
  /** Whose window it came from: a frame that is taken out of the page has none. */
  readonly frame: HTMLIFrameElement | null;
}

/** Who was spoken of, as it was then. */
interface Hearer {
  readonly owner: FrameOwner;
  readonly frame: HTMLIFrameElement;
  readonly portalOrigin: string | null;
  readonly subject: object | null;
}

interface Speech {
  readonly event: CustomEvent<unknown>;
  /** `undefined`: nobody's yet. Before the element upgraded, its words are nobody's. */
  readonly hearer: Hearer | undefined;
  /** The message that was going through its listeners. */
  readonly during: Message | null;
  /** Which messages of the turn may be its own, were it not heard during one. */
  readonly beside: readonly number[];
}

interface Turn {
  readonly speeches: Speech[];
  readonly messages: Message[];
}

/** How close an event stands to a genuine message; a higher one is a better witness. */
const APART = 0;
const IN_TURN = 1;
const INSIDE = 2;

interface Weight {
  readonly close: number;
  readonly ahead: boolean;
}

const PREFIX = 'ledgerbee:embed:';

const owners = new Set<FrameOwner>();
/** Frames that an element here has had: one that is no longer anybody's belongs to an attempt that ended. */
const known = new WeakSet<HTMLIFrameElement>();
/**
 * Whose window it is, of those that have spoken: a frame that is taken out of the page has none any more. And a page
 * with many checkouts does not look through all of them for every message.
 */
const speakers = new WeakMap<
  MessageEventSource,
  { readonly owner: FrameOwner; readonly frame: HTMLIFrameElement }
>();
/** By portal: how close its events stand to their messages at least. Learned from the first `pageLoaded`. */
const habits = new Map<string, number>();
let listening: AbortController | null = null;
let replayed = false;
let current: Turn | null = null;
let during: Message | null = null;
/** The message that has been through all listeners. */
let closed: MessageEvent | null = null;

/** Listens for `owner` until the returned function is called. The last to leave takes every listener along. */
export function joinBus(owner: FrameOwner): () => void {
  owners.add(owner);
  if (listening === null) {
    listening = new AbortController();
    for (const name of VENDOR_EVENT_NAMES) addEventListener(PREFIX + name, hearEvent, listening);
    // Where the browser lets it, before all others: in WebKit a message forgets whose window spoke as soon as a listener
    // takes the frame away (seen in WebKitGTK 2.50).
    addEventListener('message', openMessage, { capture: true, signal: listening.signal });
    standLast();
    // A script that has just run may have begun to listen. (Its load neither bubbles nor reaches the window.)
    document.addEventListener('load', standLast, { capture: true, signal: listening.signal });
    if (!replayed) replayEarly();
  }
  return () => {
    owners.delete(owner);
    if (owners.size > 0) return;
    listening?.abort();
    listening = null;
    // Whoever joins next stands behind the vendor's script, and hears it from there.
    habits.clear();
  };
}

/** Events of one task stay together, whatever the task they are replayed in. */
function replayEarly(): void {
  replayed = true;
  const queue = earlyQueue();
  // A page may have pasted another version's.
  const heard = (queue as Partial<EarlyQueue> | undefined)?.heard;
  if (queue === undefined || heard === undefined) return;
  const turns = new Map<number, Turn>();
  for (const [event, number] of heard) {
    const turn = turns.get(number) ?? { speeches: [], messages: [] };
    turns.set(number, turn);
    // An event follows its message where the queue listens before everybody else, and precedes it where the vendor's
    // script was there first. Neither tells where we stand ourselves: from here on the vendor may well speak before us.
    if (event instanceof MessageEvent) note(turn, event);
    else hearIn(turn, event as CustomEvent<unknown>, null, [turn.messages.length - 1, turn.messages.length]);
  }
  // In a task of its own: the other elements of the page have not found their frames yet.
  setTimeout(() => {
    turns.forEach(judge);
    // A frame that is nobody's is not listened to any more: who adopts one later may have missed its word.
    queue.fromStart = false;
    leaveEarly(queue);
  });
}

function hearEvent(event: Event): void {
  hearIn(thisTurn(), event as CustomEvent<unknown>, during);
}

function hearIn(
  { speeches, messages }: Turn,
  event: CustomEvent<unknown>,
  message: Message | null,
  beside: readonly number[] = [messages.length],
): void {
  speeches.push({ event, hearer: hearerOf(event), during: message, beside });
}

function openMessage(event: MessageEvent): void {
  const message = speaksForUs(event.source) ? note(thisTurn(), event) : null;
  // Under zone.js, as Angular has it, those that do not capture may be asked before those that do: this one comes last then,
  // and a bracket would stay open for what is said next.
  during = event === closed ? null : message;
}

function speaksForUs(source: MessageEventSource | null): boolean {
  return source !== null && source !== window && speakerOf(source) !== null;
}

function speakerOf(source: MessageEventSource): HTMLIFrameElement | null {
  const last = speakers.get(source);
  if (last !== undefined && owners.has(last.owner)) {
    const { owner, frame } = last;
    // Where the vendor speaks before us, its event has come, and the page may have gone on to another frame.
    if (owner.frame === frame || current?.speeches.some(({ hearer }) => hearer?.frame === frame))
      return frame;
  }
  const owner = ownerOf((frame) => frame.contentWindow === source);
  return owner === undefined ? null : noteSpeaker(owner);
}

function noteSpeaker(owner: FrameOwner): HTMLIFrameElement | null {
  const { frame } = owner;
  if (frame?.contentWindow) speakers.set(frame.contentWindow, { owner, frame });
  return frame;
}

function closeMessage(event: MessageEvent): void {
  closed = event;
  during = null;
  standLast();
}

/** Goes to the end of the line of listeners, behind the vendor's. */
function standLast(): void {
  if (listening === null) return;
  removeEventListener('message', closeMessage);
  addEventListener('message', closeMessage, listening);
}

function note(turn: Turn, { isTrusted, source, origin }: MessageEvent): Message | null {
  if (!isTrusted) return null;
  const message = { source, origin, frame: source && speakerOf(source) };
  turn.messages.push(message);
  return message;
}

function thisTurn(): Turn {
  if (current !== null) return current;
  const turn: Turn = { speeches: [], messages: [] };
  setTimeout(() => {
    current = null;
    // Left open where a listener of the page stopped the message on its way.
    during = closed = null;
    judge(turn);
  });
  return (current = turn);
}

function judge(turn: Turn): void {
  for (const { source, origin } of turn.messages) {
    if (origin === 'null') ownerOf((frame) => frame.contentWindow === source)?.noticeOpaqueOrigin();
  }
  for (const speech of turn.speeches) {
    const { type, detail } = speech.event;
    const name = VENDOR_EVENT_NAMES.find((known) => PREFIX + known === type);
    if (name === undefined) continue;
    const hearer = speech.hearer ?? hearerOf(speech.event);
    if (hearer === undefined) {
      const speaking = frameOf(speech.event);
      const ended = speaking instanceof HTMLIFrameElement && known.has(speaking);
      owners.forEach((each) => each.reject(ended ? 'ended-attempt' : 'foreign-frame', name));
      continue;
    }
    const { owner, subject } = hearer;
    let event: VendorEvent;
    try {
      event = decodeVendorEvent(name, detail);
    } catch (error) {
      owner.reject(error instanceof UnknownWordError ? 'unknown-event' : 'malformed', name);
      continue;
    }
    const weight = weigh(hearer, speech, turn);
    if (isBelievable(hearer, event, weight))
      owner.hear({ ...event, verified: weight.close > APART }, subject);
    else owner.reject('forged', name);
  }
}

function ownerOf(matches: (frame: HTMLIFrameElement) => boolean): FrameOwner | undefined {
  for (const owner of owners) {
    const { frame } = owner;
    if (frame === null || !matches(frame)) continue;
    known.add(frame);
    return owner;
  }
  return undefined;
}

function hearerOf(event: CustomEvent<unknown>): Hearer | undefined {
  const frame = frameOf(event);
  const owner = ownerOf((each) => each === frame);
  if (owner === undefined) return undefined;
  noteSpeaker(owner);
  const { portalOrigin, subject } = owner;
  return { owner, frame: frame as HTMLIFrameElement, portalOrigin, subject };
}

function frameOf({ detail }: CustomEvent<unknown>): unknown {
  return (detail as { frame?: unknown } | null)?.frame;
}

/** How close one event stands to a genuine message, and whether it came just ahead of one. */
function weigh({ frame, portalOrigin }: Hearer, speech: Speech, { messages }: Turn): Weight {
  const isGenuine = (message: Message | null | undefined): boolean =>
    message?.origin === portalOrigin &&
    (message.frame === frame || (message.source !== null && message.source === frame.contentWindow));
  const close = isGenuine(speech.during) ? INSIDE : messages.some(isGenuine) ? IN_TURN : APART;
  return { close, ahead: speech.beside.some((place) => isGenuine(messages[place])) };
}

function isBelievable({ portalOrigin }: Hearer, { name }: VendorEvent, { close, ahead }: Weight): boolean {
  const portal = portalOrigin ?? '';
  const habit = habits.get(portal);
  // No later task of a script ends up inside a message by chance. In the turn of one it may, so its place is
  // asked for too. A vendor that speaks before us is never asked for more than the turn.
  if (close === INSIDE && habit !== IN_TURN) habits.set(portal, INSIDE);
  else if (habit === undefined && name === 'pageLoaded') {
    habits.set(portal, ahead ? IN_TURN : APART);
    if (!ahead) {
      sayOnce(
        'info',
        `lenient ${portal}`,
        `Events of ${portal} cannot be told from forged ones: its script dispatches them in a later task.`,
      );
    }
  }
  return close >= (habit ?? APART);
}
