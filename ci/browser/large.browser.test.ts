import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Result } from '../../src/report/model.ts';
import { aReport, aResult } from '../../test/report.ts';
import { launch, missingBrowser } from './chromium.ts';
import { type ExamplePage, type Examples, makeExamples } from './examples.ts';
import { openReport, overflow, TELEPHONE } from './open.ts';

const FINDINGS = 5000;
const obstacle = missingBrowser();

let browser: Browser;
let examples: Examples;
let large: ExamplePage;

const SEVERITIES = ['blocker', 'major', 'minor', 'info'] as const;

function manyFindings(): Result[] {
  return Array.from({ length: FINDINGS }, (_, number) =>
    aResult({
      id: `domain/cpu/rule-${number % 200}`,
      subject: `vms/guest-${Math.floor(number / 200)}.xml`,
      title: 'No two vCPUs share a host CPU',
      severity: SEVERITIES[number % 4] ?? 'info',
      status: number % 10 === 0 ? 'error' : 'fail',
      message: `vCPUs ${number} and ${number + 1} are both pinned to CPU ${number % 64}`,
      evidence: [{ source: `vms/guest.xml:${number}`, observed: `<vcpupin vcpu='${number}' cpuset='3'/>`, expected: 'a CPU of its own' }],
      remedy: { summary: `Give vCPU ${number} a CPU of its own`, steps: [{ run: 'passcheck pins --into vms/guest.xml', reboot: false }] },
    }),
  );
}

/**
 * What a page computes until it has done something and is laid out again, in seconds of its main thread: what else runs on the
 * machine is not in it.
 */
async function secondsOf(page: Page, work: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    await page.evaluate(() => document.body.getBoundingClientRect().height);
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await spent();
  await work();
  return (await spent()) - before;
}

beforeAll(async () => {
  if (obstacle !== null) return;
  [browser, examples] = await Promise.all([launch(), makeExamples()]);
  large = examples.page('large', aReport({ suite: 'domain', verdict: 'NO-GO', results: manyFindings() }));
});

afterAll(async () => {
  await browser?.close();
  examples?.remove();
});

describe.skipIf(obstacle !== null)(`a report of ${FINDINGS} findings in a browser`, () => {
  it('is there within two seconds', async () => {
    const { page, faults, close } = await openReport(browser, large.file);
    const took = await secondsOf(page, () => page.reload({ waitUntil: 'load' }));
    expect(took).toBeLessThan(2);
    expect(await page.locator('article.finding').count()).toBe(FINDINGS);
    expect(faults).toEqual([]);
    await close();
  });

  it('stays usable: filtering answers at once, and finds what there is', async () => {
    const { page, faults, close } = await openReport(browser, large.file);
    const text = page.getByRole('searchbox');
    const found = page.locator('article.finding:visible');
    await text.focus();
    const took = await secondsOf(page, async () => {
      await page.keyboard.insertText('guest-7.xml 1401');
      await page.waitForFunction(() => document.querySelector('.filter output')?.textContent.startsWith('2 of'));
    });
    expect(await found.count()).toBe(2);
    expect(took).toBeLessThan(0.5);
    await text.fill('');
    await page.locator('select[name="severity"]').selectOption('blocker');
    await expect.poll(() => found.count()).toBe(FINDINGS / 4);
    expect(await page.locator('.filter output').textContent()).toContain(String(FINDINGS / 4));
    await page.locator('.filter button').click();
    await expect.poll(() => found.count()).toBe(FINDINGS);
    expect(faults).toEqual([]);
    await close();
  });

  it('fits a telephone', async () => {
    const { page, close } = await openReport(browser, large.file, { width: TELEPHONE });
    expect(await overflow(page)).toEqual([]);
    await close();
  });
});
