import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { openHost } from './host/open.ts';
import { saysNotRecorded } from './recorded-advice.ts';

it('knows what a captured tree says of a file that it does not hold', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'passcheck-tree-'));
  mkdirSync(join(folder, 'proc'));
  const { host } = await openHost(folder);
  const reading = host.read('/sys/class/iommu/x', 100);
  rmSync(folder, { recursive: true });
  expect(reading).toMatchObject({ state: 'unreadable', reason: 'not-recorded' });
  expect(reading.state === 'unreadable' && saysNotRecorded(reading.detail)).toBe(true);
});

it.each(['permission denied', 'no answer within 5 s', ''])('does not take %j for it', (reason) => {
  expect(saysNotRecorded(reason)).toBe(false);
});
