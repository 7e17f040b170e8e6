import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launch, missingBrowser } from './chromium.ts';
import { type Examples, makeExamples } from './examples.ts';
import { openReport, type OpenedReport, TELEPHONE, unfold } from './open.ts';

const obstacle = missingBrowser();

let browser: Browser;
let examples: Examples;

async function open(name: string, view = {}, hash = ''): Promise<OpenedReport> {
  const file = examples.pages.get(name)?.file;
  if (file === undefined) throw new Error(`no example ${name}`);
  const opened = await openReport(browser, file, view);
  if (hash !== '') await opened.page.evaluate((target) => location.assign(target), hash);
  return opened;
}

interface Stop {
  readonly what: string;
  readonly isMarked: boolean;
}

/** Where the Tab key leads, from the beginning of the page to its end, and whether one sees where one is. */
async function tabStops(page: Page, most: number): Promise<Stop[]> {
  const stops: Stop[] = [];
  while (stops.length < most) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const what = `${element.tagName.toLowerCase()}.${element.className} ${element.textContent.trim().slice(0, 60)}`;
      return { what, isMarked: outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    if (stop === null) break;
    stops.push(stop);
  }
  return stops;
}

/** Everything that can be used, in the order of the page. */
async function usable(page: Page): Promise<number> {
  return page.locator('a[href]:visible, button:visible, input:visible, select:visible, summary:visible, [tabindex="0"]:visible').count();
}

beforeAll(async () => {
  if (obstacle !== null) return;
  [browser, examples] = await Promise.all([launch(), makeExamples()]);
});

afterAll(async () => {
  await browser?.close();
  examples?.remove();
});

describe.skipIf(obstacle !== null)('the HTML report in use', () => {
  it.each([
    ['ready', {}],
    ['blocked', {}],
    ['blocked', { colorScheme: 'dark' }],
    ['blocked', { width: TELEPHONE }],
  ])('can be used with the Tab key alone: %s %j', async (name, view) => {
    const { page, faults, close } = await open(name, view);
    const count = await usable(page);
    const stops = await tabStops(page, 500);
    expect(stops[0]?.what).toMatch(/^a\.skip Skip/);
    expect(stops.filter(({ isMarked }) => !isMarked)).toEqual([]);
    // The skip link shows only while it has the focus.
    expect(stops.length).toBeGreaterThanOrEqual(count - 1);
    expect(faults).toEqual([]);
    await close();
  });

  it('lets the keyboard skip to the verdict', async () => {
    const { page, close } = await open('blocked');
    await page.keyboard.press('Tab');
    expect(await page.locator('a.skip').evaluate((link) => link.getBoundingClientRect().left >= 0)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => location.hash)).toBe('#verdict');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
    await close();
  });

  it('opens what is folded away when a link or an address leads there', async () => {
    const { page, close } = await open('blocked');
    const closed = page.locator('article.finding:has(> details:not([open]))').first();
    const id = (await closed.getAttribute('id')) ?? '';
    await page.evaluate((target) => location.assign(`#${target}`), id);
    await expect.poll(() => page.locator(`#${id} > details[open]`).count()).toBe(1);
    expect(await page.locator(`#${id}`).evaluate((article) => article.getBoundingClientRect().top < innerHeight)).toBe(true);
    await close();
  });

  it('leads from every link to something that is there', async () => {
    const { page, close } = await open('blocked');
    const targets = await page
      .locator('a[href]')
      .evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))]);
    expect(targets.length).toBeGreaterThan(4);
    expect(targets.filter((target) => !target.startsWith('#'))).toEqual([]);
    for (const target of targets) expect(await page.locator(target).count(), target).toBe(1);
    await close();
  });

  it('filters findings and results by text, severity and status, and says how many there are', async () => {
    const { page, faults, close } = await open('blocked');
    const all = await page.locator('article.finding:visible').count();
    await page.getByRole('searchbox').fill('no such words');
    await expect.poll(() => page.locator('article.finding:visible').count()).toBe(0);
    expect(await page.locator('.filter output').textContent()).toMatch(/\b(0|no|nothing)\b/i);
    await page.locator('.filter button').click();
    await expect.poll(() => page.locator('article.finding:visible').count()).toBe(all);
    await page.locator('select[name="severity"]').selectOption('blocker');
    const left = page.locator('article.finding:visible');
    await expect.poll(() => left.evaluateAll((articles) => articles.every(({ dataset }) => dataset['severity'] === 'blocker'))).toBe(true);
    expect(await left.count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await close();
  });

  it('says where what it found stands, and gives way to a link to what it hides', async () => {
    const { page, faults, close } = await open('blocked');
    await page.locator('select[name="status"]').selectOption('pass');
    const hits = page.locator('.filter .hits a');
    await expect.poll(() => hits.allTextContents()).toEqual([expect.stringMatching(/^Passed \d+$/)]);
    expect(await page.locator('article.finding:visible').count()).toBe(0);
    await hits.first().click();
    expect(await page.locator('#results-pass').evaluate((group) => group.getBoundingClientRect().top < innerHeight)).toBe(true);
    expect(await page.locator('select[name="status"]').inputValue()).toBe('pass');
    await page.locator('.blocks a').first().click();
    await expect.poll(() => page.locator('article.finding:target').isVisible()).toBe(true);
    expect(await page.locator('select[name="status"]').inputValue()).toBe('');
    expect(await hits.count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });

  it('sorts tables by the column that is asked for, and says so to a screen reader', async () => {
    const { page, faults, close } = await open('blocked');
    await unfold(page);
    await unfold(page);
    const column = page.locator('th:has(button):visible').first();
    const table = page.locator('table:visible:has(th button)').first();
    const index = await column.evaluate((cell) => (cell instanceof HTMLTableCellElement ? cell.cellIndex : -1));
    const values = async (): Promise<string[]> =>
      table.locator('tbody tr').evaluateAll((rows, at) => rows.map((row) => row.children[at]?.textContent ?? ''), index);
    const before = await values();
    await column.getByRole('button').click();
    expect(await column.getAttribute('aria-sort')).toBe('ascending');
    const rising = await values();
    await column.getByRole('button').click();
    expect(await column.getAttribute('aria-sort')).toBe('descending');
    const falling = await values();
    expect(rising.toSorted()).toEqual(before.toSorted());
    expect(falling).not.toEqual(rising);
    expect(falling.toSorted()).toEqual(before.toSorted());
    expect(faults).toEqual([]);
    await close();
  });

  it('draws every chart, in both colours, again when the window or the colours change', async () => {
    const { page, faults, close } = await open('ready');
    const canvases = page.locator('canvas');
    expect(await canvases.count()).toBeGreaterThan(5);
    for (const change of [
      async () => {},
      async () => page.emulateMedia({ colorScheme: 'dark' }),
      async () => page.setViewportSize({ width: TELEPHONE, height: 800 }),
    ]) {
      await change();
      for (const canvas of await canvases.all()) {
        await canvas.scrollIntoViewIfNeeded();
        await expect.poll(() => canvas.evaluate(coloursOf), { timeout: 5000 }).toBeGreaterThan(3);
      }
    }
    expect(faults).toEqual([]);
    await close();
  });
});

/** How many colours a canvas has; a blank one has one. */
function coloursOf(canvas: Element): number {
  if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0 || canvas.height === 0) return 0;
  // Of a copy: reading a canvas itself makes the browser change how it keeps it, and say so.
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
  const context = copy.getContext('2d', { willReadFrequently: true });
  context?.drawImage(canvas, 0, 0);
  const { data } = context?.getImageData(0, 0, copy.width, copy.height) ?? { data: [] };
  const colours = new Set<string>();
  for (let at = 0; at < data.length; at += 4 * 7) colours.add(`${data[at]},${data[at + 1]},${data[at + 2]},${data[at + 3]}`);
  return colours.size;
}
