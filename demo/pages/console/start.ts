/** The QA console beside the shop. It watches and switches; the shop works the same without it. */
import { render } from 'lit';
import type { CheckoutEmbed, Diagnosis } from 'checkout-embed/element';
import type { CheckoutRedirect } from 'checkout-embed/redirect';
import { SETTINGS } from '../settings.js';
import { findWay, outcomeWords } from './board.js';
import { cutLine } from './cut-line.js';
import { goBackTo, keepFocus, returnFocus, titleOf } from './focus-return.js';
import { listenToPage } from './page-events.js';
import { pressOnce } from './press.js';
import { Reached } from './reached.js';
import { keepFocusFromRobot } from './robot-at-work.js';
import { followServer, type OrderSnapshot } from './server-feed.js';
import { showStage } from './stage.js';
import { Timeline, type Source } from './timeline.js';
import { consoleView, type ConsoleControls } from './view.js';
import { STATE_KIND } from './way.js';

/** The vendors' own pages, by the attribute that brings their address. */
const LINKS: Readonly<Record<string, string>> = {
  linkInbox: 'Sandbox inbox',
  linkDashboard: 'Notification dashboard',
};

const COLLAPSED_KEY = 'plumbline-console-collapsed';

const place = document.querySelector<HTMLElement>('#qa-console');
const vendor = SETTINGS.vendor.find((one) => one === place?.dataset['vendor']) ?? 'ledgerbee';
const orderRef = place?.dataset['order'] ?? '';
const element = document.querySelector<CheckoutEmbed | CheckoutRedirect>('checkout-embed, checkout-redirect');
const links = Object.entries(place?.dataset ?? {}).flatMap(([name, url = '']) =>
  name.startsWith('link') ? [[LINKS[name] ?? name, url] as const] : [],
);

const hidden = new Set<Source>();
let snapshot: OrderSnapshot | null = null;
let connected = true;
let said = '';
let problem = '';
/** What was pressed on the page before, while it is out of view. */
let leftBehind: HTMLElement | null = null;
let collapsed = remembered();
let drawing = false;
let drawn = false;
let diagnosis: Diagnosis | null = null;

const timeline = new Timeline(draw);
const reached = new Reached();
const pressed = findWay(new URLSearchParams(location.search).get('way'))?.id ?? null;
const pageMs = Date.now();

const controls: ConsoleControls = {
  toggleCollapsed: () => {
    collapsed = !collapsed;
    remember(collapsed);
    draw();
  },
  toggleSource: (source) => {
    if (!hidden.delete(source)) hidden.add(source);
    draw();
  },
  clear: () => timeline.clear(),
  run: (action) => {
    // The same words once more are said once more.
    said = problem = '';
    draw();
    action()
      .then(
        (done) => (said = typeof done === 'string' ? done : ''),
        (error: unknown) => (problem = error instanceof Error ? error.message : String(error)),
      )
      .finally(draw);
  },
  goBack: () => {
    if (leftBehind !== null) goBackTo(leftBehind);
  },
};

listenToPage(timeline, noteAndDraw);
if (element?.localName === 'checkout-embed')
  keepFocusFromRobot(element as CheckoutEmbed, place?.dataset['robot']);
// A diagnosis may come without another state. The attribute is written anew with everything that is drawn.
if (element !== null) new MutationObserver(noteAndDraw).observe(element, { attributeFilter: ['data-state'] });
followServer(
  orderRef,
  timeline,
  (next) => {
    snapshot = next;
    draw();
  },
  (open) => {
    connected = open;
    draw();
  },
);
noteAndDraw();
if (place !== null) addEventListener('pagehide', () => keepFocus(place));
pressOnce();
cutLine();
// A policy may forbid something long after the frame has come. The element is told of it first.
document.addEventListener('securitypolicyviolation', () => setTimeout(noteAndDraw));

/** Once per frame, however much happened in it. */
function draw(): void {
  if (drawing || place === null) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    place.toggleAttribute('data-collapsed', collapsed);
    const board = { vendor, reached, pressed, pageMs, diagnosis };
    const view = consoleView(
      {
        state: element?.state ?? 'not on this page',
        board,
        orderRef,
        snapshot,
        happenings: timeline.list(hidden),
        hidden,
        collapsed,
        links,
        bar: {
          said: said === '' ? outcomeWords(board) : said,
          problem: connected ? problem : 'The demo is not answering; this page tries again by itself.',
          wayBack: leftBehind === null ? null : titleOf(leftBehind),
        },
      },
      controls,
    );
    render(view, place);
    if (!drawn) arrive(place);
    drawn = true;
  });
}

/** After a press in the console: its result is in view, the focus at what was pressed, and one press leads there. */
function arrive(board: HTMLElement): void {
  const control = returnFocus(board);
  if (control === null) return;
  showStage();
  const sight = new IntersectionObserver((sights) => {
    leftBehind = sights.at(-1)?.isIntersecting === false ? control : null;
    // Who was back there needs no way any more.
    if (leftBehind === null) sight.disconnect();
    draw();
  });
  sight.observe(control);
}

/** Noted at once: a state may be over before anything is drawn. */
function noteAndDraw(): void {
  note();
  draw();
}

function note(): void {
  // Without its script the tag is a plain element, with neither state nor diagnosis.
  if (element?.state === undefined) return;
  diagnosis = 'diagnosis' in element ? element.diagnosis : null;
  reached.note(`${STATE_KIND[vendor]}:${element.state}`, diagnosis, pageMs);
  if (diagnosis === null) {
    if ('diagnose' in element) askWhy(element);
    return;
  }
  reached.note(`code:${diagnosis.code}`, diagnosis, pageMs);
}

function askWhy(embed: CheckoutEmbed): void {
  const isCalm = ['ready', 'checkout', 'offline'].includes(embed.state);
  if (isCalm && pressed?.startsWith('code:') === true) void ask(embed);
}

/** Some troubles stop no frame: they are told to whoever asks. */
async function ask(asked: CheckoutEmbed): Promise<void> {
  const { state } = asked;
  const answer = await asked.diagnose();
  if (answer === null || asked.state !== state || asked.diagnosis !== null) return;
  diagnosis = answer;
  reached.note(`code:${answer.code}`, answer, pageMs);
  draw();
}

/** Storage may be closed to us; then it is open at every load. */
function remembered(): boolean {
  try {
    return localStorage.getItem(COLLAPSED_KEY) === 'yes';
  } catch {
    return false;
  }
}

function remember(value: boolean): void {
  try {
    localStorage.setItem(COLLAPSED_KEY, value ? 'yes' : 'no');
  } catch {
    // As above.
  }
}
