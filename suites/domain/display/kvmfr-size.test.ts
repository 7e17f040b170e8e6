import { describe, expect, it } from 'vitest';

import type { Kvmfr } from '../../../src/facts/kvmfr.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aStat } from '../../../test/looking-glass.ts';
import rule from './kvmfr-size.ts';

const KVMFR: Kvmfr = { module: aStat({ kind: 'directory' }), sizes: { mib: [64], source: '/etc/modprobe.d/kvmfr.conf' }, unread: [] };
const facts = (given: Partial<Kvmfr> = {}) => ({ kvmfr: { ...KVMFR, ...given } });

const maps = (size: string, path = '/dev/kvmfr0') => ({
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline>
    <qemu:arg value="-object"/>
    <qemu:arg value="{'qom-type':'memory-backend-file','id':'lg','mem-path':'${path}','size':${size},'share':true}"/>
  </qemu:commandline>`,
});

describe(rule.id, () => {
  it('passes the size of the module', () => {
    expect(judgeOneDomain(rule, maps('67108864'), facts())).toMatchObject({ status: 'pass' });
  });

  it('fails on more than the device has, and names both sides', () => {
    const outcome = judgeOneDomain(rule, maps('134217728'), facts());
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'the domain maps 128 MiB of /dev/kvmfr0, which has 64 MiB',
      evidence: [
        { source: 'win11.xml:10', expected: 'size 67108864' },
        { source: '/etc/modprobe.d/kvmfr.conf', observed: 'static_size_mb=64' },
      ],
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is no blocker for less, which starts', () => {
    expect(judgeOneDomain(rule, maps('67108863'), facts())).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('fails on a device that the module does not make', () => {
    expect(judgeOneDomain(rule, maps('67108864', '/dev/kvmfr1'), facts())).toMatchObject({
      status: 'fail',
      message: 'the module kvmfr makes 1 devices, and /dev/kvmfr1 is none of them',
    });
  });

  it('says nothing where no size is known, and that it could not look where a file was hidden', () => {
    expect(judgeOneDomain(rule, maps('67108864'), facts({ sizes: null }))).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, maps('67108864'), facts({ sizes: null, unread: ['/etc/modprobe.d/x.conf'] }))).toMatchObject({
      status: 'unknown',
    });
    expect(judgeOneDomain(rule, maps("'x'"), facts())).toMatchObject({ status: 'not-applicable' });
  });

  it('says nothing of a definition without kvmfr', () => {
    expect(judgeOneDomain(rule, maps('1', '/dev/shm/looking-glass'), facts())).toMatchObject({ status: 'not-applicable' });
  });
});
