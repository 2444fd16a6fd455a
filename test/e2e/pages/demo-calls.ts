/** The demo's own calls, made from the page: Node resolves no *.localhost, and the visitor's cookie is the page's. */
import type { Page } from '@playwright/test';

export async function askDemo(page: Page, call: string): Promise<unknown> {
  return page.evaluate(async (path) => (await (await fetch(path)).json()) as unknown, `/_demo/${call}`);
}

export async function tellDemo(
  page: Page,
  call: string,
  body: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  return page.evaluate(
    async ([path, text]) => {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: text,
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown>;
    },
    [`/_demo/${call}`, JSON.stringify(body)] as const,
  );
}
