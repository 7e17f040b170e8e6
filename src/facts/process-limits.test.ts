import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { FactError } from './fact-error.ts';
import { LIMITS_PATH, parseLockedMemory, processLimits } from './process-limits.ts';

const HEAD = 'Limit                     Soft Limit           Hard Limit           Units     \n';
const LINE = 'Max locked memory         8388608              unlimited            bytes     \n';

describe('processLimits', () => {
  it('reads both limits of locked memory', async () => {
    expect(await valueOf(processLimits, { files: { [LIMITS_PATH]: HEAD + LINE } })).toEqual({
      lockedMemorySoft: 8_388_608,
      lockedMemoryHard: Number.POSITIVE_INFINITY,
    });
  });

  it('is an error without the line', async () => {
    expect(await collect(processLimits, { files: { [LIMITS_PATH]: HEAD } })).toMatchObject({ ok: false, error: { source: LIMITS_PATH } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const attempt = await collect(processLimits, { files: { [LIMITS_PATH]: `Max locked memory ${text}` } });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
        expect(parseLockedMemory(text)).toBeNull();
      }),
    );
  });
});
