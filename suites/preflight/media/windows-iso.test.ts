import { describe, expect, it } from 'vitest';

import { aConfig } from '../../../test/facts.ts';
import { isoRanges } from '../../../test/iso.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { MemoryHost } from '../../../src/host/memory.ts';
import check from './windows-iso.ts';

const PATH = '/srv/image.iso';

function host(label: string, size: number): MemoryHost {
  return {
    files: {
      '/etc/os-release': 'ID=debian\n',
      '/etc/passwd': 'libvirt-qemu:x:64055:108::/var/lib/libvirt:/usr/sbin/nologin\n',
      '/etc/group': 'kvm:x:108:\n',
      '/etc/libvirt/qemu.conf': '',
    },
    stats: { [PATH]: { size } },
    ranges: { [PATH]: isoRanges(label) },
  };
}

const config = aConfig({ media: { windows: PATH } });

describe(check.id, () => {
  it('passes with an image of Windows 11', async () => {
    expect(await judgeOne(check, host('CCCOMA_X64FRE_EN-US_DV9', 6e9), config)).toMatchObject({
      status: 'pass',
      evidence: [{ source: PATH }],
    });
  });

  it('fails with an image that is too small, and when it is not there', async () => {
    expect(await judgeOne(check, host('CCCOMA_X64FRE_EN-US_DV9', 2e9), config)).toMatchObject({ status: 'fail', severity: 'major' });
    expect(await judgeOne(check, host('', 0), aConfig({ media: { windows: '/srv/none.iso' } }))).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/srv/none.iso', observed: 'not there' }],
    });
  });

  it('could not look when the image is hidden', async () => {
    const hidden = { ...host('', 6e9), unreadable: { [PATH]: 'not-recorded' } } as const;
    expect(await judgeOne(check, hidden, config)).toMatchObject({ status: 'error' });
  });
});
