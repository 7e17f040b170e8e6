import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HOSTILE_TEXTS } from '../../test/hostile-texts.ts';
import { withTexts } from '../../test/with-texts.ts';
import { launch, missingBrowser } from './chromium.ts';
import { type ExamplePage, type Examples, makeExamples } from './examples.ts';
import { accessibilityFaults, openReport, overflow, TELEPHONE, unfold, visibleText } from './open.ts';
import { screenshot } from './screenshot.ts';

const obstacle = missingBrowser();

let browser: Browser;
let examples: Examples;

/** The page of a report in which every text has become a hostile one, the texts taking turns. */
function spoiledPage(name: string, isReplaced: boolean): ExamplePage {
  const report = examples.pages.get(name)?.report;
  if (report === undefined) throw new Error(`no example ${name}`);
  let next = 0;
  const spoiled = withTexts(report, (text) => {
    next += 1;
    const hostile = HOSTILE_TEXTS[next % HOSTILE_TEXTS.length] ?? '';
    return isReplaced ? `${hostile}${next}` : `${text} ${hostile}`;
  });
  return examples.page(`hostile-${name}-${isReplaced}`, spoiled);
}

/** What a browser makes of a page; hostile texts do not change it. */
async function madeOf(page: Page): Promise<unknown> {
  return page.evaluate(() => ({
    scripts: document.querySelectorAll('script:not([type])').length <= 2,
    foreign: [...document.querySelectorAll('img, iframe, object, embed, base, link, form, x-harm, video, audio, use, image')].length,
    handlers: [...document.querySelectorAll('*')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on')))
      .length,
    addresses: [...document.querySelectorAll('[href], [src]')].filter(
      (element) => !(element.getAttribute('href') ?? element.getAttribute('src') ?? '').startsWith('#'),
    ).length,
    harmed: 'harmed' in globalThis,
  }));
}

const HARMLESS = { scripts: true, foreign: 0, handlers: 0, addresses: 0, harmed: false };

beforeAll(async () => {
  if (obstacle !== null) return;
  [browser, examples] = await Promise.all([launch(), makeExamples()]);
});

afterAll(async () => {
  await browser?.close();
  examples?.remove();
});

describe.skipIf(obstacle !== null)('a hostile report in a browser', () => {
  it.each(['demo', 'ready', 'blocked', 'definitions'].flatMap((name) => [[name, false] as const, [name, true] as const]))(
    'made of %s does no harm (every text replaced: %s)',
    async (name, isReplaced) => {
      const { file } = spoiledPage(name, isReplaced);
      const { page, faults, close } = await openReport(browser, file);
      await unfold(page);
      expect(await madeOf(page)).toEqual(HARMLESS);
      expect(await overflow(page)).toEqual([]);
      await page.setViewportSize({ width: TELEPHONE, height: 800 });
      // A chart follows when the window is at rest.
      await expect.poll(() => overflow(page), { timeout: 5000 }).toEqual([]);
      await screenshot(page, `hostile-${name}-${isReplaced ? 'replaced' : 'extended'}`, { fullPage: false });
      expect(await visibleText(page)).toContain('<img src=x onerror=');
      for (const link of (await page.locator('main a:visible').all()).slice(0, 20)) await link.click({ timeout: 5000 });
      expect(await madeOf(page)).toEqual(HARMLESS);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('stays accessible', async () => {
    const { page, close } = await openReport(browser, spoiledPage('blocked', false).file);
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });
});
