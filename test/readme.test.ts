import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

describe('the README', () => {
  const text = readFileSync(`${ROOT}/README.md`, 'utf8');

  it('shows the real output of the recorded host it names', () => {
    const [, shown] = /<!-- recorded: intremap-off -->\n```\n([\s\S]*?)```/.exec(text) ?? [];
    expect(shown).toBe(readFileSync(`${ROOT}/fixtures/reports/intremap-off.1.terminal`, 'utf8'));
  });

  it('has each command on a line of its own that does all of its set-up', () => {
    expect(text.split('\n')).toEqual(expect.arrayContaining(['npm ci && npx passcheck preflight', 'npm ci && npm test']));
  });
});
