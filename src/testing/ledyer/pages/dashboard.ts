/** The merchant portal's notification dashboard: what was sent, what it was answered, and "replay". */
import { type Html, html } from '../../ledgerbee/portal/html.js';
import { page, redirect, type Reply, script } from '../../ledgerbee/http.js';
import { type Route, route } from '../../ledgerbee/router.js';
import type { LedyerNotification } from '../notification-log.js';
import type { Vendor } from '../vendor.js';
import { ledyerPage } from './document.js';

const PATH = '/merchant/notifications';

export function dashboardRoutes(vendor: Vendor): readonly Route[] {
  return [
    route('GET', PATH, () => dashboard(vendor)),
    route('GET', `${PATH}.js`, () => script(DASHBOARD_SCRIPT)),
    route('POST', `${PATH}/:id/replay`, async (_, { id = '' }) => {
      if (!vendor.notificationLog.list().some((notification) => notification.id === id)) {
        return page('no such notification', 404);
      }
      await vendor.sender.replay(id);
      return redirect(PATH);
    }),
  ];
}

/** Follows the sandbox's feed, so that a notification shows without a reload by hand. */
const DASHBOARD_SCRIPT = `'use strict';
const feed = new EventSource('/_sandbox/activity?after=now');
feed.addEventListener('message', ({ data }) => {
  if (JSON.parse(data).kind === 'notification') location.reload();
});
addEventListener('pagehide', () => feed.close());
`;

function dashboard(vendor: Vendor): Reply {
  const notifications = [...vendor.notificationLog.list()].reverse();
  const endpoints = vendor.endpoints.list().map(({ url }) => url);
  const body = html`<h1>Notifications</h1>
    <p class="lead">
      ${endpoints.length === 0 ? 'No endpoint is registered.' : `Sent to ${endpoints.join(', ')}.`}
    </p>
    <ul class="log" aria-live="polite">
      ${notifications.map(entry)}
    </ul>
    ${notifications.length === 0 ? html`<p class="panel quiet" data-testid="none">Nothing was sent yet.</p>` : null}`;
  return ledyerPage({
    title: 'Notifications',
    lang: 'en',
    footer: 'Ledyer sandbox',
    body,
    script: `${PATH}.js`,
  });
}

function entry(notification: LedyerNotification): Html {
  const { id, eventType, state, subject, attempts, nextAttemptAt, body } = notification;
  const answers = attempts.map(({ kind, status, error }) => {
    const answer = status ?? error ?? 'no answer';
    return kind === 'scheduled' ? `${answer}` : `${kind}: ${answer}`;
  });
  return html`<li data-testid="notification">
    <header>
      <h2>${eventType}</h2>
      <span class="tag ${state}" data-testid="state">${state}</span>
    </header>
    <p class="quiet small">${subject}</p>
    <p class="small">
      Answers: ${answers.length === 0 ? 'none yet' : answers.join(', ')}
      ${nextAttemptAt === null ? null : html`· next ${nextAttemptAt.replace('T', ' ').slice(0, 19)} UTC`}
    </p>
    <details style="margin-left:0">
      <summary>Body</summary>
      <pre>${body.replace(/at_\w+/g, 'at_…')}</pre>
    </details>
    <form method="post" action="${PATH}/${id}/replay">
      <button class="button second" data-testid="replay">Replay</button>
    </form>
  </li>`;
}
