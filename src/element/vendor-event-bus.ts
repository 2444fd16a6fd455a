/**
 * One pair of ears for all elements of a page: hears the vendor's six events, finds the element whose frame
 * speaks, and weighs each event against genuine messages.
 *
 * Any script can dispatch `ledgerbee:embed:*`. A genuine one follows, in the same task, from a trusted
 * `message` of the frame's own window and origin. Which of the two listeners runs first is not ours to say,
 * so the judgement waits for the end of the task, in a timer: microtasks run between listeners. This is
 * hygiene, not a boundary; the boundary is the webhook.
 */
import type { RejectReason } from '../core/attempt-states.js';
import { decodeVendorEvent, VENDOR_EVENT_NAMES, type VendorEvent } from '../core/vendor-events.js';
import type { EarlyQueue } from '../early.js';
import { sayOnce } from './developer-log.js';

/** An element with a frame. */
export interface FrameOwner {
  readonly frame: HTMLIFrameElement | null;
  /** The origin that speaks for the frame; `null` before there is one. */
  readonly portalOrigin: string | null;
  hear(event: VendorEvent): void;
  reject(reason: RejectReason, name: string): void;
  /** A message came from the frame's window with the origin `"null"`: a sandbox took its origin. */
  noticeOpaqueOrigin(): void;
}

interface Turn {
  readonly events: CustomEvent<unknown>[];
  readonly messages: { readonly source: MessageEventSource | null; readonly origin: string }[];
}

const PREFIX = 'ledgerbee:embed:';

const owners = new Set<FrameOwner>();
/** By portal: whether its script dispatches within the task of the message. Learned from the first `pageLoaded`. */
const habits = new Map<string, 'strict' | 'lenient'>();
let listening: AbortController | null = null;
let current: Turn | null = null;

/** Whether a pasted frame can have spoken before anybody listened, as far as the early queue tells. */
export function heardEverything(): boolean {
  return early()?.fromStart === true;
}

/** Listens for `owner` until the returned function is called. The last to leave takes every listener along. */
export function joinBus(owner: FrameOwner): () => void {
  owners.add(owner);
  if (listening === null) {
    listening = new AbortController();
    for (const name of VENDOR_EVENT_NAMES) addEventListener(PREFIX + name, hearEvent, listening);
    addEventListener('message', hearMessage, listening);
    replay(early());
  }
  return () => {
    owners.delete(owner);
    if (owners.size > 0) return;
    listening?.abort();
    listening = null;
  };
}

function early(): EarlyQueue | undefined {
  return (globalThis as { checkoutEmbedEarly?: EarlyQueue }).checkoutEmbedEarly;
}

/** Events of one task stay together, whatever the task they are replayed in. */
function replay(queue: EarlyQueue | undefined): void {
  const turns = new Map<number, Turn>();
  for (const [event, number] of queue?.take() ?? []) {
    const turn = turns.get(number) ?? { events: [], messages: [] };
    turns.set(number, turn);
    if (event instanceof MessageEvent) note(turn, event);
    else turn.events.push(event as CustomEvent<unknown>);
  }
  // In a task of its own: the other elements of the page have not found their frames yet.
  setTimeout(() => turns.forEach(judge));
}

function hearEvent(event: Event): void {
  thisTurn().events.push(event as CustomEvent<unknown>);
}

function hearMessage(event: MessageEvent): void {
  for (const { frame } of owners) {
    if (frame !== null && frame.contentWindow === event.source) {
      note(thisTurn(), event);
      return;
    }
  }
}

function note(turn: Turn, { isTrusted, source, origin }: MessageEvent): void {
  if (isTrusted) turn.messages.push({ source, origin });
}

function thisTurn(): Turn {
  if (current !== null) return current;
  const turn: Turn = { events: [], messages: [] };
  setTimeout(() => {
    current = null;
    judge(turn);
  });
  return (current = turn);
}

function judge(turn: Turn): void {
  for (const { source, origin } of turn.messages) {
    if (origin === 'null') ownerOf((frame) => frame.contentWindow === source)?.noticeOpaqueOrigin();
  }
  for (const { type, detail } of turn.events) {
    const name = VENDOR_EVENT_NAMES.find((known) => PREFIX + known === type);
    if (name === undefined) continue;
    const speaking = (detail as { frame?: unknown } | null)?.frame;
    const owner = ownerOf((frame) => frame === speaking);
    if (owner === undefined) {
      owners.forEach((each) => each.reject('foreign-frame', name));
      continue;
    }
    let event: VendorEvent;
    try {
      event = decodeVendorEvent(name, detail);
    } catch {
      owner.reject('malformed', name);
      continue;
    }
    if (isBelievable(owner, event, turn)) owner.hear(event);
    else owner.reject('forged', name);
  }
}

function ownerOf(matches: (frame: HTMLIFrameElement) => boolean): FrameOwner | undefined {
  for (const owner of owners) if (owner.frame !== null && matches(owner.frame)) return owner;
  return undefined;
}

function isBelievable(
  { frame, portalOrigin }: FrameOwner,
  { name }: VendorEvent,
  { messages }: Turn,
): boolean {
  const portal = portalOrigin ?? '';
  const source = frame?.contentWindow;
  if (messages.some((message) => message.source === source && message.origin === portal)) {
    habits.set(portal, 'strict');
    return true;
  }
  const habit = habits.get(portal);
  if (habit === undefined && name === 'pageLoaded') {
    habits.set(portal, 'lenient');
    sayOnce(
      'info',
      `lenient ${portal}`,
      `Events of ${portal} cannot be told from forged ones: its script dispatches them in a later task.`,
    );
  }
  return habit !== 'strict';
}
