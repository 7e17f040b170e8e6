import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './looking-glass-memory.ts';

const shmem = (name: string): string => `<shmem name='${name}'><model type='ivshmem-plain'/><size unit='M'>32</size></shmem>`;
const KVMFR = {
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline><qemu:arg value='-object'/><qemu:arg value='memory-backend-file,id=lg,mem-path=/dev/kvmfr0,size=32M,share=yes'/></qemu:commandline>`,
};
const at = (name: string, slot: string): string =>
  `<shmem name='${name}'><model type='ivshmem-plain'/><address type='pci' domain='0x0000' bus='0x10' slot='${slot}' function='0x0'/></shmem>`;

describe(rule.id, () => {
  it.each([
    ['libvirt’s element', { devices: shmem('looking-glass') }],
    ['the kernel module', KVMFR],
  ])('passes %s alone', (_, parts) => expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'pass' }));

  it('fails on both, and names both', () => {
    expect(judgeOneDomain(rule, { ...KVMFR, devices: shmem('looking-glass') })).toMatchObject({
      status: 'fail',
      message: 'Looking Glass has 2 shared memories: /dev/shm/looking-glass, and /dev/kvmfr0 here',
      evidence: [{ source: 'win11.xml:8' }, { source: 'win11.xml:10', observed: "<shmem name='looking-glass'>" }],
    });
  });

  it('fails on two of libvirt', () => {
    expect(judgeDomain(rule, { devices: shmem('looking-glass').repeat(3) })).toHaveLength(2);
  });

  it('warns of another program’s memory', () => {
    expect(judgeOneDomain(rule, { devices: shmem('looking-glass') + shmem('scream-ivshmem') })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: expect.stringContaining('the shared memory scream-ivshmem'),
    });
  });

  it('lets another program’s memory be where that of Looking Glass comes first', () => {
    expect(judgeOneDomain(rule, { devices: at('scream', '0x02') + at('looking-glass', '0x01') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: at('scream', '0x01') + at('looking-glass', '0x02') })).toMatchObject({ status: 'fail' });
  });

  it('says nothing where there is no Looking Glass', () => {
    expect(judgeOneDomain(rule, { devices: shmem('scream') })).toMatchObject({ status: 'not-applicable' });
  });
});
