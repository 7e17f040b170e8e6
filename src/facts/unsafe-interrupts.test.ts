import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { unsafeInterrupts } from './unsafe-interrupts.ts';

const TYPE1 = '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts';
const IOMMUFD = '/sys/module/iommufd/parameters/allow_unsafe_interrupts';

describe('unsafeInterrupts', () => {
  it('reads both modules, in both spellings of yes and no', async () => {
    expect(await valueOf(unsafeInterrupts, { files: { [TYPE1]: 'Y\n', [IOMMUFD]: 'N\n' } })).toEqual({
      inForce: [TYPE1],
      refused: [IOMMUFD],
    });
    expect(await valueOf(unsafeInterrupts, { files: { [TYPE1]: '1\n' } })).toEqual({ inForce: [TYPE1], refused: [] });
  });

  it('is empty while no module is loaded, and fails when the state is hidden', async () => {
    expect(await valueOf(unsafeInterrupts, {})).toEqual({ inForce: [], refused: [] });
    expect(await collect(unsafeInterrupts, { unreadable: { [TYPE1]: 'denied' } })).toMatchObject({ ok: false, error: { source: TYPE1 } });
  });
});
