import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { checkIds } from '../../suites/check-ids.ts';
import { phaseTexts } from '../../suites/phases.ts';
import { UsageError } from '../usage-error.ts';
import { loadPhase } from './load.ts';
import type { Phase } from './model.ts';

const SEARCH = { builtIn: phaseTexts, checkIds };
const OWN = ['id: mine', 'title: My phase', 'source: my notes', 'criteria:', '  - { id: a, group: G, text: T, attestation: A }'].join('\n');

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function messageOf(load: () => Phase): string {
  try {
    return `no error: ${load().id}`;
  } catch (error) {
    return error instanceof UsageError ? error.message : String(error);
  }
}

it.each(['phase-0', 'homelab', 'win11-vfio'])('%s comes with passcheck', (name) => {
  expect(loadPhase(name, SEARCH).id).toBe(name);
});

it.each(['own.yaml', 'own.yml', 'OWN.YAML'])('%s is a file', (name) => {
  fs.writeFileSync(join(folder, name), OWN);
  expect(loadPhase(join(folder, name), SEARCH).id).toBe('mine');
});

it('what has a slash is a file, too', () => {
  fs.writeFileSync(join(folder, 'own'), OWN);
  expect(loadPhase(join(folder, 'own'), SEARCH).id).toBe('mine');
});

it.each([
  ['phase0', 'there is no phase "phase0" (did you mean phase-0? there are homelab, phase-0, win11-vfio, or a file: phase.yaml)'],
  ['x', 'there is no phase "x" (there are homelab, phase-0, win11-vfio, or a file: phase.yaml)'],
  ['', 'there is no phase "" (there are homelab, phase-0, win11-vfio, or a file: phase.yaml)'],
  ['__proto__', 'there is no phase "__proto__" (there are homelab, phase-0, win11-vfio, or a file: phase.yaml)'],
  ['package.json', 'there is no phase "package.json" (for the file of that name: ./package.json)'],
  ['gone.yaml', 'could not read gone.yaml: there is no such file'],
  ['./suites', 'could not read ./suites: it is a folder'],
  ['docs', 'docs is a folder: --phase names a phase, or a file'],
  ['./README.md', './README.md is no phase: it has none of the keys id, title, source and criteria (docs/phases.md)'],
  ['/dev/zero', '/dev/zero is larger than 1 MiB: that is no phase of passcheck'],
])('%j is refused with the reason', (name, message) => {
  expect(messageOf(() => loadPhase(name, SEARCH))).toBe(message);
});

it('problems of a file have its name', () => {
  const path = join(folder, 'own.yaml');
  fs.writeFileSync(path, `${OWN}\nx: 1\ny: 2`);
  expect(messageOf(() => loadPhase(path, SEARCH)).split('\n')).toEqual([
    `${path}:6:1: unknown key "x" (known: id, title, source, documents, criteria)`,
    `${path}:7:1: unknown key "y" (known: id, title, source, documents, criteria)`,
  ]);
});
