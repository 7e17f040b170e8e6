import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium of the system, or null. None is ever downloaded. */
export function systemChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => isExecutable(path)) ?? null;
}

/**
 * Why there is no browser to test in, or null. Where one must be there (`CI=true`, or `PASSCHECK_BROWSER` is set), its absence is
 * no reason to skip: the tests then run, and fail.
 */
export function missingBrowser(): string | null {
  const mustBeThere = process.env['CI'] === 'true' || process.env['PASSCHECK_BROWSER'] !== undefined;
  return systemChromium() === null && !mustBeThere ? `no ${NAMES.join(', ')} in PATH` : null;
}

/** Starts Chromium, which has no sandbox of its own where root runs it. */
export async function launch(): Promise<Browser> {
  const executablePath = systemChromium();
  if (executablePath === null) throw new Error(`no ${NAMES.join(', ')} in PATH`);
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: ['--disable-gpu', ...(isRoot ? ['--no-sandbox'] : [])] });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
