import { expect, it } from 'vitest';

import { complaintWithFix } from './complaint.ts';

it('names the interface that a killed libvirt left behind', () => {
  expect(complaintWithFix('error creating bridge interface virbr71: File exists')).toMatch(
    /; when nobody uses it: ip link delete virbr71\)$/,
  );
});

it('says nothing where nothing is known', () => {
  expect(complaintWithFix('unsupported configuration: IDE controllers are unsupported for this machine')).toBe(
    'unsupported configuration: IDE controllers are unsupported for this machine',
  );
});
