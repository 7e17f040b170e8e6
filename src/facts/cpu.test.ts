import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { cpu, parseFirstProcessor } from './cpu.ts';
import { FactError } from './fact-error.ts';

// Shortened from machines; the layout is the kernel's.
const INTEL = `processor	: 0
vendor_id	: GenuineIntel
cpu family	: 15
model name	:                   Intel(R) Xeon(TM) CPU 2.60GHz
microcode	: 0x12
flags		: fpu vme de pse vmx cid
power management:

processor	: 1
vendor_id	: GenuineIntel
flags		: fpu vme de pse
`;
const AMD = INTEL.replaceAll('GenuineIntel', 'AuthenticAMD').replace('vmx', 'svm hypervisor');

describe('cpu', () => {
  it('reads vendor, model, microcode and the flags of the first processor', async () => {
    const read = await valueOf(cpu, { files: { '/proc/cpuinfo': INTEL } });
    expect(read).toMatchObject({ vendor: 'intel', modelName: 'Intel(R) Xeon(TM) CPU 2.60GHz', microcode: '0x12', isNested: false });
    expect([...read.flags]).toEqual(['fpu', 'vme', 'de', 'pse', 'vmx', 'cid']);
  });

  it.each([
    ['product_name', 'KVM', 'KVM'],
    ['sys_vendor', 'QEMU', 'KVM or QEMU'],
    ['sys_vendor', 'VMware, Inc.', 'VMware'],
    ['product_name', 'Virtual Machine', 'Hyper-V'],
    ['board_vendor', 'Oracle Corporation', 'VirtualBox'],
  ])('names the hypervisor by %s "%s"', async (file, text, name) => {
    const files = { '/proc/cpuinfo': AMD, [`/sys/class/dmi/id/${file}`]: `${text}\n` };
    expect(await valueOf(cpu, { files })).toMatchObject({ vendor: 'amd', isNested: true, hypervisor: name });
  });

  it('names Xen by /sys/hypervisor', async () => {
    const files = { '/proc/cpuinfo': AMD, '/sys/hypervisor/type': 'xen\n' };
    expect(await valueOf(cpu, { files })).toMatchObject({ hypervisor: 'Xen' });
  });

  it('is nested without a name where nothing says in what', async () => {
    expect(await valueOf(cpu, { files: { '/proc/cpuinfo': AMD } })).toMatchObject({ isNested: true, hypervisor: null });
  });

  it.each([
    ['Y', true],
    ['1', true],
    ['N', false],
    ['0', false],
  ])('reads the module parameter "%s" of KVM', async (text, value) => {
    const files = { '/proc/cpuinfo': INTEL, '/sys/module/kvm_intel/parameters/ept': `${text}\n` };
    expect(await valueOf(cpu, { files })).toMatchObject({ kvmModule: { value: { name: 'kvm_intel', hasNestedPaging: value } } });
  });

  it('knows when no module of KVM is loaded', async () => {
    const read = await valueOf(cpu, { files: { '/proc/cpuinfo': INTEL } });
    expect(read).toMatchObject({ kvmModule: { state: 'absent' }, isKvmActive: { value: false } });
  });

  it('sees that KVM works by its device class, even where /dev is a container’s', async () => {
    const host = { files: { '/proc/cpuinfo': INTEL }, folders: ['/sys/class/misc/kvm'] };
    expect(await valueOf(cpu, host)).toMatchObject({ isKvmActive: { value: true } });
  });

  it('reads only the first block, however many CPUs there are', async () => {
    const files = { '/proc/cpuinfo': INTEL + '\nprocessor : 2\nflags : rubbish\n'.repeat(100_000) };
    expect((await valueOf(cpu, { files })).flags.has('vmx')).toBe(true);
  });

  it('is an error on a processor without x86 flags', async () => {
    const files = { '/proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp asimd\n' };
    expect(await collect(cpu, { files })).toMatchObject({ ok: false, error: { source: '/proc/cpuinfo' } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (text) => {
        const attempt = await collect(cpu, { files: { '/proc/cpuinfo': text } });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});

describe('parseFirstProcessor', () => {
  it('skips blank lines before the first block', () =>
    expect(parseFirstProcessor('\n\nflags : vmx\n\nflags : svm').get('flags')).toBe('vmx'));
});
