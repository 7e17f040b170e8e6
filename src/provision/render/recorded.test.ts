import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { desiredOn, fittingHost, homelab, phase0, UNPINNED, varied, win11Vfio } from '../../../test/provisioned.ts';
import { attribute, first, parseXml, textAt } from '../../domain/xml.ts';
import { desire } from '../desire.ts';
import type { Desired } from '../desired.ts';
import { differencesOf } from '../diff/differences.ts';
import type { Tree } from '../tree.ts';

const FOLDER = resolve(import.meta.dirname, '../../../fixtures/provision');

/** By the name of the recorded file, without what follows it. */
function trees({ networks, pools, domains }: Desired): ReadonlyMap<string, Tree> {
  return new Map([...networks, ...pools, ...domains].map(({ kind, name, tree }) => [`${kind}-${name}`, tree]));
}

const desired = {
  homelab: async () => desiredOn(homelab, await fittingHost(homelab)),
  'win11-vfio': async () => desiredOn(win11Vfio, await fittingHost(win11Vfio)),
  'phase-0': async () => desiredOn(phase0, await fittingHost(phase0)),
  varied: () => desire(varied, UNPINNED),
};

/** The image was not there at the start, so the running VM goes without it. */
const DROPPED = /^domain-linux\.live\.xml: CD drive sdb: /;

describe('what libvirt made of a definition', () => {
  it.each(Object.entries(desired))('has all that %s asks for', async (name, make) => {
    const wanted = trees(await make());
    const files = readdirSync(join(FOLDER, name)).filter((file) => !file.startsWith('volume-'));
    const found = files.map((file) => {
      const tree = wanted.get(file.replace(/(?:\.(?:live|started))?\.xml$/, ''));
      if (tree === undefined) throw new Error(`${file} is of nothing that the spec asks for`);
      const live = parseXml(readFileSync(join(FOLDER, name, file), 'utf8'));
      return differencesOf(tree, live, null).map(({ field }) => `${file}: ${field}`);
    });
    expect(found.flat().filter((line) => !DROPPED.test(line))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  it.each([
    ['homelab', 'dc01.qcow2', homelab],
    ['varied', 'linux.qcow2', varied],
    ['varied', 'data.img', varied],
  ])('is a volume of the size and format that %s asks for: %s', (folder, file, spec) => {
    const volume = desire(spec, UNPINNED).volumes.find(({ name }) => name === file);
    const made = parseXml(readFileSync(join(FOLDER, folder, `volume-${file}.xml`), 'utf8'));
    expect(textAt(made, 'capacity')).toBe(String(volume?.capacityBytes));
    expect(attribute(first(made, 'target', 'format'), 'type')).toBe(volume?.format);
    expect(textAt(made, 'target', 'path')).toBe(volume?.path);
    expect(textAt(made, 'target', 'compat')).toBe(volume?.format === 'qcow2' ? '1.1' : null);
    expect(Number(textAt(made, 'allocation'))).toBeLessThan(1024 * 1024);
  });
});
