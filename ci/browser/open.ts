import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import type * as Axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** How a person looks at a report. */
export interface View {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly javaScript?: boolean;
}

/** A report in a browser, and everything that it should not have done so far. */
export interface OpenedReport {
  readonly page: Page;
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

const DESKTOP = 1280;
/** The narrowest telephone that is still sold. */
export const TELEPHONE = 360;

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Opens a report from the disk, as a double click does. */
export async function openReport(browser: Browser, file: string, view: View = {}): Promise<OpenedReport> {
  const { colorScheme = 'light', width = DESKTOP, javaScript = true } = view;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, javaScriptEnabled: javaScript });
  const url = pathToFileURL(file).href;
  const faults = await watch(context, url);
  const page = await context.newPage();
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

async function watch(context: BrowserContext, url: string): Promise<string[]> {
  const faults: string[] = [];
  context.on('request', (request) => {
    if (request.url().replace(/#.*/, '') !== url) faults.push(`asks for ${request.url().slice(0, 200)}`);
  });
  context.on('console', (message) => faults.push(`${message.type()} on the console: ${message.text()}`));
  context.on('weberror', (error) => faults.push(`script error: ${error.error().message}`));
  context.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('page', (page) => {
    page.on('popup', () => faults.push('opens another window'));
  });
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`against the policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  await context.addInitScript({ content: AXE });
  return faults;
}

/** Opens every part of a page that is folded away. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

/** What axe finds wrong with a page, all of it unfolded: rule, then the elements. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await unfold(page);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'experimental'];
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

/** What sticks out of the window to the right, so that the whole page would scroll sideways. */
export async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    return wide.slice(0, 10).map((element) => `${scrollWidth} px: ${element.outerHTML.slice(0, 160)}`);
  });
}

/** The text that a person sees. */
export async function visibleText(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText);
}
