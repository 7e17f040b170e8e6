import * as fs from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from './cli.ts';

const ROOT = resolve(import.meta.dirname, '..');
const EXAMPLE = join(ROOT, 'reports/example');

/** Other versions of what draws and packs give other bytes. */
const PACKED = /\.(?:png|tar\.gz)$/;

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
});

afterAll(() => cli.remove());

function filesOf(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(join(folder, name)).isFile())
    .toSorted();
}

describe('reports/example', () => {
  it('is what passcheck demo writes (npm run example renews it)', () => {
    // The bundle lies outside of the project, and what draws is not in it.
    const { stderr } = cli.run(['demo'], { env: { NODE_PATH: join(ROOT, 'node_modules') } });
    const hasPictures = !stderr.includes('@napi-rs/canvas');
    const written = join(cli.folder, 'reports/demo');
    const isCompared = (name: string): boolean => hasPictures || (!name.startsWith('report.pictures') && name !== 'report.md');
    expect(filesOf(written).filter(isCompared)).toEqual(filesOf(EXAMPLE).filter(isCompared));
    for (const name of filesOf(written).filter((one) => isCompared(one) && !PACKED.test(one))) {
      const [now, then] = [written, EXAMPLE].map((folder) => fs.readFileSync(join(folder, name), 'utf8'));
      expect(now === then, `${name} is stale: npm run example`).toBe(true);
    }
  });

  it('has no file of a megabyte', () => {
    for (const name of filesOf(EXAMPLE)) expect(fs.statSync(join(EXAMPLE, name)).size, name).toBeLessThan(1024 * 1024);
  });
});
