/** The QA console beside the shop. It watches and switches; the shop works the same without it. */
import { render } from 'lit';
import { listenToPage } from './page-events.js';
import { followServer, type OrderSnapshot } from './server-feed.js';
import { Timeline, type Source } from './timeline.js';
import { consoleView, type ConsoleControls } from './view.js';

const COLLAPSED_KEY = 'plumbline-console-collapsed';

const place = document.querySelector<HTMLElement>('#qa-console');
const element = document.querySelector('checkout-embed');
const portal = element?.getAttribute('portal') ?? null;

const hidden = new Set<Source>();
let snapshot: OrderSnapshot | null = null;
let connected = true;
let problem = '';
let collapsed = remembered();
let drawing = false;

const timeline = new Timeline(draw);

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
    problem = '';
    action().catch((error: unknown) => {
      problem = error instanceof Error ? error.message : String(error);
      draw();
    });
  },
};

listenToPage(timeline, draw);
followServer(
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
draw();

/** Once per frame, however much happened in it. */
function draw(): void {
  if (drawing || place === null) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    place.toggleAttribute('data-collapsed', collapsed);
    const view = consoleView(
      {
        state: element?.getAttribute('data-state') ?? 'idle',
        diagnosis:
          element?.diagnosis == null ? '' : `${element.diagnosis.code}: ${element.diagnosis.fix.text}`,
        snapshot,
        happenings: timeline.list(hidden),
        hidden,
        connected,
        collapsed,
        inboxUrl: portal === null ? null : `${portal}/_sandbox/inbox`,
        problem,
      },
      controls,
    );
    render(view, place);
  });
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
