import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './clipboard.ts';

const MEMORY = "<shmem name='looking-glass'><model type='ivshmem-plain'/><size unit='M'>32</size></shmem>";
const SPICE = "<graphics type='spice' autoport='yes'/>";
const channel = (name: string): string => `<channel type='spicevmc'><target type='virtio' name='${name}'/></channel>`;

describe(rule.id, () => {
  it('passes the channel', () => {
    expect(judgeOneDomain(rule, { devices: MEMORY + SPICE + channel('com.redhat.spice.0') })).toMatchObject({ status: 'pass' });
  });

  it.each(['', channel('org.example'), "<channel type='unix'><target type='virtio' name='com.redhat.spice.0'/></channel>"])(
    'tells that it is missing beside "%s"',
    (devices) => {
      expect(judgeOneDomain(rule, { devices: MEMORY + SPICE + devices })).toMatchObject({
        status: 'fail',
        evidence: [{ source: 'win11.xml:9', observed: SPICE }],
      });
    },
  );

  it.each([{ devices: MEMORY }, { devices: SPICE }])('says nothing without Looking Glass and SPICE', (parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});
