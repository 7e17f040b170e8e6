import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { ABSENT, ok } from '../host/reading.ts';
import { gpuAttributes, parseResizeSizes } from './gpu-attributes.ts';

const GPU = '/sys/bus/pci/devices/0000:01:00.0';
const files = {
  '/proc/cmdline': '',
  [`${GPU}/vendor`]: '0x10de',
  [`${GPU}/device`]: '0x2684',
  [`${GPU}/class`]: '0x030000',
  [`${GPU}/resource`]:
    '0x00000000a0000000 0x00000000a0ffffff 0x0000000000040200\n0x0000004000000000 0x000000400fffffff 0x000000000014220c\n',
};

describe('gpuAttributes', () => {
  it('reads the sizes that the prefetchable window can have', async () => {
    const sizes = { [`${GPU}/resource1_resize`]: '0000000000007fc0\n', [`${GPU}/reset`]: '' };
    expect(await valueOf(gpuAttributes, { files: { ...files, ...sizes } })).toEqual([
      {
        address: '0000:01:00.0',
        hasResetFile: ok(true),
        resizableBars: [{ index: 1, sizesMiB: ok([64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384]) }],
      },
    ]);
  });

  it('keeps a card without that file apart', async () => {
    expect(await valueOf(gpuAttributes, { files })).toMatchObject([{ hasResetFile: ok(false), resizableBars: [{ sizesMiB: ABSENT }] }]);
  });
});

describe('parseResizeSizes', () => {
  it('takes anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseResizeSizes(text).length).toBeLessThanOrEqual(44);
      }),
    );
  });
});
