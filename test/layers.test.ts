import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** What each room may import, by prefix of the path; packages and Node modules by name. Tests may import anything. */
const MAY_IMPORT: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>> = {
  'src/host': {
    rooms: ['src/host', 'src/config/schema', 'src/usage-error'],
    packages: ['node:', 'execa', 'tar-stream', 'seek-bzip', 'zod/mini'],
  },
  'src/facts': {
    rooms: ['src/facts', 'src/host', 'src/domain', 'src/libvirt', 'src/looking-glass', 'src/config/schema'],
    packages: ['node:zlib', 'zod/mini'],
  },
  'src/domain': { rooms: ['src/domain', 'src/once-per'], packages: ['saxes'] },
  'src/libvirt': { rooms: ['src/libvirt', 'src/domain', 'src/host'], packages: ['node:'] },
  'src/pinning': { rooms: ['src/pinning', 'src/domain', 'src/facts', 'src/engine/fact-store', 'src/grouped'], packages: [] },
  'src/looking-glass': { rooms: ['src/looking-glass'], packages: [] },
  'src/engine': {
    rooms: [
      'src/engine',
      'src/facts',
      'src/domain',
      'src/host',
      'src/report/model',
      'src/report/machine',
      'src/remedy/shell-word',
      'src/recorded-advice',
      'src/once-per',
    ],
    packages: [],
  },
  'src/remedy': { rooms: ['src/remedy', 'src/engine/outcome', 'src/facts'], packages: [] },
  'src/report': {
    rooms: [
      'src/report',
      'src/engine/outcome',
      'src/engine/check',
      'src/engine/verdict',
      'src/usage-error',
      'src/remedy/shell-word',
      'src/inventory/model',
      'src/pinning',
      'src/facts/cpu-list',
      'src/grouped',
      'src/once-per',
      'src/recorded-advice',
      'src/charts',
    ],
    packages: ['node:util', 'zod/mini'],
  },
  'src/phase': {
    rooms: [
      'src/phase',
      'src/config/problem-lines',
      'src/config/yaml-text',
      'src/config/describe-issue',
      'src/config/small-text',
      'src/config/unknown-check',
      'src/engine/verdict',
      'src/grouped',
      'src/inventory/environment-names',
      'src/nearest',
      'src/once-per',
      'src/remedy/shell-word',
      'src/report/limit',
      'src/report/machine',
      'src/report/measurement',
      'src/report/model',
      'src/report/phase-model',
      'src/usage-error',
    ],
    packages: ['node:fs', 'zod/mini'],
  },
  'src/report/html/client': { rooms: ['src/report/html/client', 'src/charts'], packages: ['chart.js'] },
  'src/charts': {
    rooms: ['src/charts', 'src/report/measurement', 'src/report/limit', 'src/report/fit', 'src/report/wrap', 'src/grouped'],
    packages: ['chart.js'],
  },
  'src/charts/canvas': { rooms: [], packages: ['@napi-rs/canvas', 'node:'] },
  'src/inventory': {
    rooms: [
      'src/inventory',
      'src/facts',
      'src/domain',
      'src/pinning',
      'src/engine/fact-store',
      'src/host/reading',
      'src/host/source',
      'src/recorded-advice',
      'src/report/machine',
      'src/grouped',
    ],
    packages: ['zod/mini'],
  },
  'src/provision': {
    rooms: [
      'src/provision',
      'src/domain',
      'src/libvirt',
      'src/host',
      'src/facts',
      'src/engine/fact-store',
      'src/pinning',
      'src/looking-glass',
      'src/config',
      'src/remedy/shell-word',
      'src/report/sanitize',
      'src/report/wrap',
      'src/grouped',
      'src/nearest',
      'src/once-per',
      'src/usage-error',
      'src/version',
    ],
    packages: ['node:', 'zod/mini'],
  },
  'src/guest': {
    rooms: ['src/guest', 'src/libvirt', 'src/host', 'src/domain', 'src/usage-error'],
    packages: ['node:', 'zod/mini'],
  },
  'src/vm': {
    rooms: ['src/vm', 'src/guest', 'src/libvirt', 'src/host', 'src/domain', 'src/provision', 'src/facts', 'src/usage-error'],
    packages: ['node:', 'zod/mini'],
  },
  'src/config': { rooms: ['src/config', 'src/usage-error', 'src/nearest'], packages: ['node:fs', 'node:path', 'yaml', 'zod/mini'] },
  suites: {
    rooms: [
      'suites',
      'src/engine',
      'src/facts',
      'src/remedy',
      'src/domain',
      'src/libvirt',
      'src/looking-glass',
      'src/config/schema',
      'src/host/reading',
      'src/host/source',
      'src/grouped',
      'src/once-per',
    ],
    packages: [],
  },
};

/** What makes a pure room impure. */
const IMPURE =
  /\b(process\.(env|argv|cwd|exit|pid|std)|Date\.now|new Date\(\)|Math\.random|performance\.|async |await |console\.log|readFileSync)/;

function sources(room: string): string[] {
  return readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(room, name))
    .toSorted();
}

/** The innermost one that says something of the file. */
function roomOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((room) => file.startsWith(`${room}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

function imports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'([^']+)'/g)].map((match) => match[1] ?? '');
}

describe('layers', () => {
  for (const [room, { rooms, packages }] of Object.entries(MAY_IMPORT)) {
    it(`${room} imports only what it may`, () => {
      const own = sources(room).filter((file) => roomOf(file) === room);
      const wrong = own.flatMap((file) =>
        imports(file)
          .map((target) => (target.startsWith('.') ? relative(ROOT, resolve(ROOT, file, '..', target)) : target))
          .filter((target) => ![...rooms, ...packages].some((prefix) => target.startsWith(prefix)))
          .map((target) => `${file} imports ${target}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  it('checks and remedies are pure', () => {
    const wrong = [...sources('suites'), ...sources('src/remedy')].filter((file) => IMPURE.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('only cli prints', () => {
    const wrong = sources('src')
      // What runs in the page is text here.
      .filter((file) => !file.startsWith('src/cli/') && file !== 'src/report/html/assets.ts')
      .filter((file) => /\bconsole\.(log|error|warn|info)|\bprocess\.(stdout|stderr)\b/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});
