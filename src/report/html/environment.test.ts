import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { HOSTILE_TEXTS } from '../../../test/hostile-texts.ts';
import { aMachine } from '../../../test/machines.ts';
import { aReport } from '../../../test/report.ts';
import { elementsOf, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Report } from '../model.ts';
import { environmentSection } from './environment.ts';

function linesOf(given: Partial<Report>): string[] {
  const page = environmentSection(aReport(given))?.body.markup ?? '';
  return elementsOf(parseStrictly(page))
    .filter(({ name }) => name === 'tr' || name === 'summary')
    .map(({ children }) => children.map((cell) => (typeof cell === 'string' ? cell : textOf(cell))).join(' | '));
}

const machine = { ...aMachine(null), environment: [{ name: 'QEMU', value: '7.2.22', source: '/usr/bin/qemu-system-x86_64 --version' }] };

it('has the version of passcheck first, then what the results hold for, each with where it is known from', () => {
  expect(linesOf({ machine, facts: [] })).toEqual([
    'What | Value | Known from',
    'passcheck | 0.1.0, looked at the host itself | ',
    'QEMU | 7.2.22 | /usr/bin/qemu-system-x86_64 --version',
  ]);
  expect(linesOf({ machine, facts: [], recorded: true })[1]).toContain('looked at a recording of the host');
});

it('tells what was asked of the host, and how often it did not answer', () => {
  const facts = [
    { id: 'cpu', status: 'ok' as const, ms: 2 },
    { id: 'libvirt', status: 'error' as const, ms: 20_000 },
  ];
  expect(linesOf({ facts })).toEqual([
    'What | Value | Known from',
    'passcheck | 0.1.0 | ',
    'How the host was looked at: 2 facts, 1 of them could not be had',
    'Fact | Answer | Milliseconds',
    'cpu | had | 2',
    'libvirt | could not be had | 20000',
  ]);
});

it('is no part of a report that knows neither', () => {
  expect(environmentSection(aReport({ facts: [] }))).toBeNull();
});

it('shows any name and value as text', () => {
  const text = fc.constantFrom(...HOSTILE_TEXTS);
  fc.assert(
    fc.property(text, text, (one, other) => {
      const environment = [{ name: one, value: other, source: one }];
      const lines = linesOf({ machine: { ...machine, environment }, facts: [{ id: other, status: 'ok', ms: 0 }] });
      expect(lines).toHaveLength(6);
    }),
  );
});
