import { describe, expect, it } from 'vitest';

import { aGroup, anAudioFunction, anIommu, aPciDevice } from '../../test/facts.ts';
import { ABSENT, ok, unreadable } from '../host/reading.ts';
import { passedGroups } from './passed-groups.ts';

const BOTH = ['0000:01:00.0', '0000:01:00.1'];

describe('passedGroups', () => {
  it('lists a group once, under its lowest address', () => {
    expect(passedGroups(BOTH, [aPciDevice(), anAudioFunction()], anIommu())).toMatchObject([
      { subject: '0000:01:00.0', passed: [{ address: '0000:01:00.0' }, { address: '0000:01:00.1' }], group: { value: { id: '12' } } },
    ]);
  });

  it('leaves out what has no group, or one that VFIO made up', () => {
    expect(passedGroups(BOTH, [aPciDevice({ iommuGroup: ABSENT })], anIommu())).toEqual([]);
    expect(passedGroups(BOTH, [aPciDevice()], anIommu({ groups: [aGroup({ name: ok('vfio-noiommu') })] }))).toEqual([]);
  });

  it('keeps what could not be looked at', () => {
    expect(passedGroups(BOTH, [aPciDevice({ iommuGroup: unreadable('denied', 'x') })], anIommu())).toMatchObject([
      { group: { state: 'unreadable' } },
    ]);
    expect(passedGroups(BOTH, [aPciDevice()], anIommu({ groups: [] }))).toMatchObject([{ group: { state: 'absent' } }]);
  });
});
