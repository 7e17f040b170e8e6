import { describe, expect, it } from 'vitest';

import { aConfig } from '../../../test/facts.ts';
import { isoRanges } from '../../../test/iso.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { MemoryHost } from '../../../src/host/memory.ts';
import check from './virtio-iso.ts';

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

const config = aConfig({ media: { virtio: PATH } });

describe(check.id, () => {
  it('passes with an image of virtio-win', async () => {
    expect(await judgeOne(check, host('virtio-win-0.1.266', 7e8), config)).toMatchObject({ status: 'pass', evidence: [{ source: PATH }] });
  });

  it('the limit is 256 MiB', async () => {
    expect(await judgeOne(check, host('virtio-win-0.1.96', 256 * 1024 ** 2), config)).toMatchObject({ status: 'pass' });
    expect(await judgeOne(check, host('virtio-win-0.1.96', 256 * 1024 ** 2 - 1), config)).toMatchObject({
      status: 'fail',
      severity: 'major',
    });
  });

  it('could not look when the image is hidden', async () => {
    const hidden = { ...host('', 7e8), unreadable: { [PATH]: 'not-recorded' } } as const;
    expect(await judgeOne(check, hidden, config)).toMatchObject({ status: 'error' });
  });
});
