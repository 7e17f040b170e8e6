import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launch, missingBrowser } from './chromium.ts';
import { type ExamplePage, type Examples, makeExamples, recordedHosts } from './examples.ts';
import { accessibilityFaults, openReport, overflow, TELEPHONE, unfold, type View, visibleText } from './open.ts';
import { missing, neededTexts } from './needed-texts.ts';
import { screenshot } from './screenshot.ts';

const obstacle = missingBrowser();
if (obstacle !== null) console.warn(`tests in a browser skipped: ${obstacle}`);

const NAMES = ['demo', 'ready', 'blocked', 'definitions', 'old'];
const VIEWS: Readonly<Record<string, View>> = {
  light: {},
  dark: { colorScheme: 'dark' },
  narrow: { width: TELEPHONE },
  'narrow-dark': { width: TELEPHONE, colorScheme: 'dark' },
};

let browser: Browser;
let examples: Examples;

function example(name: string): ExamplePage {
  const page = examples.pages.get(name);
  if (page === undefined) throw new Error(`no example ${name}`);
  return page;
}

/** Levels of the headings as a screen reader lists them. */
async function headingLevels(page: Page): Promise<number[]> {
  return page.evaluate(() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) => Number(tagName.slice(1))));
}

beforeAll(async () => {
  if (obstacle !== null) return;
  [browser, examples] = await Promise.all([launch(), makeExamples()]);
});

afterAll(async () => {
  await browser?.close();
  examples?.remove();
});

describe.skipIf(obstacle !== null)('the HTML report in a browser', () => {
  describe.each(NAMES)('%s', (name) => {
    it.each(Object.keys(VIEWS))('is accessible, fits and does no harm: %s', async (view) => {
      const { page, faults, close } = await openReport(browser, example(name).file, VIEWS[view]);
      await screenshot(page, `${name}-${view}`);
      expect(await overflow(page)).toEqual([]);
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `${name}-${view}-unfolded`);
      expect(await overflow(page)).toEqual([]);
      expect(missing(await visibleText(page), neededTexts(example(name).report))).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    });

    it('has one first heading, and none that skips a level', async () => {
      const { page, close } = await openReport(browser, example(name).file);
      const levels = await headingLevels(page);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
      await close();
    });

    it('is whole without JavaScript, and shows no control that would do nothing', async () => {
      const { page, faults, close } = await openReport(browser, example(name).file, { javaScript: false });
      await screenshot(page, `${name}-without-script`);
      expect(await page.evaluate(() => document.documentElement.classList.contains('scripted'))).toBe(false);
      const controls = page.locator('button:visible, input:visible, select:visible, canvas:visible');
      expect(await controls.count()).toBe(0);
      await unfold(page);
      expect(missing(await visibleText(page), neededTexts(example(name).report))).toEqual([]);
      expect(await page.locator('table:visible').count()).toBe(await page.locator('table').count());
      expect(faults).toEqual([]);
      await close();
    });

    it('prints every finding on A4, and of the rest what was opened; every sheet says what it belongs to', async () => {
      const { page, faults, close } = await openReport(browser, example(name).file, { colorScheme: 'dark' });
      const file = example(name).file.replace('.html', '.pdf');
      writeFileSync(file, await page.pdf({ preferCSSPageSize: true, format: 'A4' }));
      const size = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
      expect(size).toMatch(/^Page size: .*\(A4\)$/m);
      const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
      expect(missing(text, neededTexts(example(name).report))).toEqual([]);
      const sheets = Number(/^Pages: +(\d+)$/m.exec(size)?.[1]);
      const { verdict, tool } = example(name).report;
      expect(text.split(`passcheck ${tool.version}`).length - 1).toBeGreaterThanOrEqual(sheets);
      expect(text.split(`${verdict} · `).length - 1).toBeGreaterThanOrEqual(sheets);
      for (let sheet = 1; sheet <= sheets; sheet += 1) expect(text).toContain(`${sheet} of ${sheets}`);
      await unfold(page);
      writeFileSync(file, await page.pdf({ preferCSSPageSize: true, format: 'A4' }));
      expect(Number(/^Pages: +(\d+)$/m.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }))?.[1])).toBeGreaterThan(sheets);
      await page.emulateMedia({ media: 'print' });
      await screenshot(page, `${name}-printed`);
      expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).not.toBe('dark');
      expect(faults).toEqual([]);
      await close();
    });
  });

  it.each(recordedHosts)('shows the recorded host %s without a fault, wide and narrow', async (host) => {
    const { file, report } = examples.page(host, examples.preflight(host));
    const { page, faults, close } = await openReport(browser, file);
    expect(await overflow(page)).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(missing(await visibleText(page), neededTexts(report))).toEqual([]);
    await page.setViewportSize({ width: TELEPHONE, height: 800 });
    await expect.poll(() => overflow(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});
