// Takes the picture of the README: the first screen of reports/example/index.html. Needs Debian's Chromium.
import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const root = new URL('..', import.meta.url);
const file = fileURLToPath(new URL('reports/example/index.html', root));
const picture = fileURLToPath(new URL('docs/pictures/report.png', root));

mkdirSync(fileURLToPath(new URL('docs/pictures', root)), { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 860 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(file).href);
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
