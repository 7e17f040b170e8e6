import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aKernel, known } from '../../../test/facts.ts';
import { parseMounts } from '../../../src/facts/mounts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { parseLibvirtConf } from '../../../src/libvirt/conf.ts';
import rule from './file-backed.ts';

const NO_HOST = { kernel: NO_HOST_FACT, mounts: NO_HOST_FACT, qemuConf: NO_HOST_FACT };
const backing = (xml: string): string => `<memory unit='GiB'>8</memory>\n  <memoryBacking>\n    ${xml}\n  </memoryBacking>`;
const SHARED = backing("<access mode='shared'/>");

function onHost(body: string, release: string, mounts = '/dev/sda / ext4 rw 0 0\n', conf = ''): Outcome {
  const qemuConf = known({ path: '/etc/libvirt/qemu.conf', exists: true, ...parseLibvirtConf(conf) });
  return judgeOneDomain(rule, { body }, { kernel: known(aKernel('', release)), mounts: known(parseMounts(mounts)), qemuConf });
}

describe(rule.id, () => {
  it.each([
    ['private memory', backing('<locked/>')],
    ['a memfd', backing("<source type='memfd'/><access mode='shared'/>")],
    ['hugepages', backing("<hugepages/><access mode='shared'/>")],
    ['a private file', backing("<source type='file'/>")],
  ])('passes with %s', (_, body) => {
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails with shared memory in a file', () => {
    expect(judgeOneDomain(rule, { body: SHARED }, NO_HOST)).toMatchObject({
      status: 'fail',
      severity: 'major',
      evidence: [{ source: 'win11.xml:10', observed: "<access mode='shared'/>", expected: "<source type='memfd'/>" }],
    });
    const cell = "<memory>1048576</memory><cpu><numa><cell memory='1' unit='GiB' memAccess='shared'/></numa></cpu>";
    expect(judgeOneDomain(rule, { body: cell }, NO_HOST)).toMatchObject({ status: 'fail' });
  });

  it('is a blocker on a kernel that refuses to pin the file', () => {
    const outcome = onHost(SHARED, '6.5.0');
    expect(outcome).toMatchObject({
      status: 'fail',
      evidence: [{}, { observed: '/var/lib/libvirt/qemu/ram is on / (ext4)' }, { observed: '6.5.0' }],
    });
    expect(outcome).not.toHaveProperty('severity');
    expect(onHost(SHARED, '6.4.16')).toMatchObject({ severity: 'major' });
  });

  it('passes when the folder is in memory', () => {
    expect(
      onHost(SHARED, '6.12.0', '/dev/sda / ext4 rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n', 'memory_backing_dir = "/dev/shm"'),
    ).toMatchObject({
      status: 'pass',
    });
    expect(onHost(SHARED, '6.12.0', 'tmpfs /var/lib tmpfs rw 0 0\n/dev/sda / ext4 rw 0 0\n')).toMatchObject({ status: 'pass' });
  });

  it('writes a memfd, unless somebody chose a file', () => {
    expect(fixed(rule, { body: SHARED }, NO_HOST)).toContain("<access mode='shared'/>\n    <source type='memfd'/>");
    const chosen = backing("<source type='file'/><access mode='shared'/>");
    expect(judgeOneDomain(rule, { body: chosen }, NO_HOST)).not.toHaveProperty('edits');
  });

  it('does not apply without a passed device, nor to sizes that cannot be read', () => {
    expect(judgeOneDomain(rule, { body: SHARED, gpu: false }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: '' }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
