import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** They read what was printed: poppler-utils. */
const PDF_TOOLS = ['pdfinfo', 'pdftotext'];

/**
 * Why nothing can be looked at in a browser here, or null. Where it must be (`CI=true`, or `PASSCHECK_BROWSER` is set), what is
 * missing is no reason to skip: the tests then run, and fail.
 */
export function missingBrowser(): string | null {
  if (process.env['CI'] === 'true' || process.env['PASSCHECK_BROWSER'] !== undefined) return null;
  const missing = [...(inPath(NAMES) === null ? ['chromium'] : []), ...PDF_TOOLS.filter((tool) => inPath([tool]) === null)];
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** Starts the Chromium of the system, which has no sandbox of its own where root runs it. None is ever downloaded. */
export async function launch(): Promise<Browser> {
  const executablePath = inPath(NAMES);
  if (executablePath === null) throw new Error(`not in PATH: ${NAMES.join(', ')}`);
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: ['--disable-gpu', ...(isRoot ? ['--no-sandbox'] : [])] });
}

function inPath(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => isExecutable(path)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
