import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from './cli.ts';

const ROOT = resolve(import.meta.dirname, '..');

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
});

afterAll(() => cli.remove());

describe('the README', () => {
  const text = readFileSync(`${ROOT}/README.md`, 'utf8');

  it('shows the real output of the recorded host it names', () => {
    const [, shown] = /<!-- recorded: intremap-off -->\n```\n([\s\S]*?)```/.exec(text) ?? [];
    expect(shown).toBe(readFileSync(`${ROOT}/fixtures/reports/intremap-off.1.terminal`, 'utf8'));
  });

  it('shows the real output of the definition it names', () => {
    const [, typed = '', shown] = /\nnpx passcheck (lint win11 --from .*)\n```\n\n<!-- lint -->\n```\n([\s\S]*?)```/.exec(text) ?? [];
    const argv = typed.split(' ').map((word) => (word.startsWith('fixtures/') ? `${ROOT}/${word}` : word));
    expect(shown).toBe(cli.run(argv).stdout);
  });

  it('has each command on a line of its own that does all of its set-up', () => {
    expect(text.split('\n')).toEqual(
      expect.arrayContaining(['npm ci && npx passcheck demo', 'npx passcheck preflight', 'npm ci && npm test']),
    );
  });
});
