import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, it } from 'vitest';

import { ENVIRONMENT_NAMES, isEnvironmentName } from './environment-names.ts';

const SOURCES = ['environment.ts', 'environment-settings.ts', 'setup.ts'].map((name) =>
  readFileSync(join(import.meta.dirname, name), 'utf8'),
);
const REPORTS = resolve(import.meta.dirname, '../../fixtures/reports');

it('names each row that is made, and no other', () => {
  const made = SOURCES.flatMap((text) => [...text.matchAll(/(?:\b\w*[rR]ow\(|name: )'([^']+)'/g)].flatMap(([, name]) => name ?? []));
  expect(made.toSorted()).toEqual(ENVIRONMENT_NAMES.toSorted());
});

it('knows each row of the recorded reports', () => {
  const rows = readdirSync(REPORTS)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const report = JSON.parse(readFileSync(join(REPORTS, name), 'utf8')) as { machine?: { environment: { name: string }[] } };
      return report.machine?.environment.map((row) => row.name) ?? [];
    });
  expect(rows).toContain('Distribution');
  expect(rows.filter((name) => !isEnvironmentName(name))).toEqual([]);
});

it('takes rows that are named after something', () => {
  expect(['Network default', 'QEMU of win11', 'Module kvm_intel'].map(isEnvironmentName)).toEqual([true, true, true]);
  expect(['Distro', 'Network', 'Networks default', ''].map(isEnvironmentName)).toEqual([false, false, false, false]);
});
