import { describe, expect, it } from 'vitest';

import { parseXml } from '../../domain/xml.ts';
import { writtenDisks } from './disks.ts';

const FILE = "<source file='/a.qcow2'/><target dev='vda'/>";

function disks(...devices: readonly string[]): ReturnType<typeof writtenDisks> {
  return writtenDisks(parseXml(`<domain><devices>${devices.join('')}</devices></domain>`));
}

function disk(content = FILE, { type = 'file', device = 'disk', format = 'qcow2' } = {}): string {
  return `<disk type='${type}' device='${device}'><driver name='qemu' type='${format}'/>${content}</disk>`;
}

const problemOf = (content: string): string =>
  disks(content)
    .problems.map(({ message }) => message)
    .join();

describe('the disks that a snapshot is about', () => {
  it('are qcow2 files and volumes that the guest writes to', () => {
    const volume = disk("<source pool='homelab' volume='b.qcow2'/><target dev='vdb'/>", { type: 'volume' });
    expect(disks(disk(), volume)).toEqual({
      disks: [
        { target: 'vda', path: '/a.qcow2' },
        { target: 'vdb', pool: 'homelab', volume: 'b.qcow2' },
      ],
      problems: [],
    });
  });

  it('are no drives, and no disks that are read-only or forget', () => {
    const others = [
      disk("<source file='/win.iso'/><target dev='sda'/>", { device: 'cdrom', format: 'raw' }),
      disk("<target dev='fda'/>", { device: 'floppy', format: 'raw' }),
      disk(`${FILE}<readonly/>`, { format: 'raw' }),
      disk(`${FILE}<transient/>`),
    ];
    expect(disks(disk(), ...others)).toEqual({ disks: [{ target: 'vda', path: '/a.qcow2' }], problems: [] });
    expect(disks(...others)).toMatchObject({ disks: [], problems: [{ message: expect.stringContaining('no disk') }] });
  });

  it.each([
    [disk(FILE, { format: 'raw' }), 'vda is raw'],
    ["<disk type='file'><source file='/a.img'/><target dev='vda'/></disk>", 'vda is raw'],
    [disk(`${FILE}<shareable/>`), 'shared with other VMs'],
    [disk("<source file='/a.qcow2'><encryption format='luks'/></source><target dev='vda'/>"), 'encrypted'],
    [disk(`${FILE}<encryption format='luks'/>`), 'encrypted'],
    [disk("<source dev='/dev/sdb'/><target dev='vda'/>", { type: 'block' }), 'of type block'],
    [disk("<source protocol='nbd' name='x'/><target dev='vda'/>", { type: 'network' }), 'of type network'],
    [disk("<target dev='vda'/>"), 'of type file'],
  ])('refuses %s', (definition, words) => {
    expect(problemOf(definition)).toContain(words);
  });
});
