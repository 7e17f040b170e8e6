import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { shellWord } from './shell-word.ts';

it('leaves a plain path as it is', () => expect(shellWord('/var/lib/libvirt/images')).toBe('/var/lib/libvirt/images'));

it('a shell reads the same word again, whatever is in it', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 }).filter((word) => !word.includes('\0') && !word.endsWith('\n'));
  fc.assert(
    fc.property(text, (word) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
    }),
    { numRuns: 20, examples: [["it's $HOME; `id`"], ['-rf'], ['"']] },
  );
});
