import { describe, expect, it } from 'vitest';

import type { VmRow } from '../../vm/list.ts';
import { vmTable } from './vm-table.ts';

const ROW: VmRow = {
  name: 'win11',
  uuid: 'uuid-1',
  state: 'shut off',
  owner: null,
  memoryKiB: 16 * 1024 ** 2,
  vcpus: 8,
  autostart: false,
  hasManagedSave: false,
  addresses: [],
  libvirtSnapshots: [],
  snapshots: [],
  unfinishedRevert: null,
};

const line = (row: Partial<VmRow>): string | undefined => vmTable([{ ...ROW, ...row }]).split('\n')[1];

describe('the list of VMs', () => {
  it('is a table, and nothing without VMs', () => {
    const address = { mac: '52:54:00:12:34:56', address: '192.168.56.101' };
    const rows = [{ ...ROW, name: 'DC01', state: 'running', owner: 'homelab', addresses: [address, address] }, ROW];
    expect(vmTable(rows)).toBe(
      [
        'NAME   STATE     SPEC     MEMORY  VCPUS  SNAPSHOTS  ADDRESS',
        'DC01   running   homelab  16 GiB  8      0          192.168.56.101 +1',
        'win11  shut off  -        16 GiB  8      0          -',
        '',
      ].join('\n'),
    );
    expect(vmTable([])).toBe('');
  });

  it('tells saved memory and a revert that has not ended', () => {
    expect(line({ hasManagedSave: true })).toContain('  saved  ');
    expect(line({ unfinishedRevert: 'clean' })).toContain('  reverting  ');
  });

  it('counts snapshots of libvirt apart, and shows what libvirt did not say', () => {
    const snapshots = [{ name: 'clean', takenAt: '' }];
    expect(line({ snapshots, libvirtSnapshots: ['a', 'b'] })).toContain('  1+2  ');
    const unknown = { memoryKiB: null, vcpus: null, addresses: null, libvirtSnapshots: null };
    expect(line(unknown)).toMatch(/ - +\? +\? +0\+\? +\?$/);
  });

  it('shows what a terminal would obey, and moves only its own line for a long name', () => {
    expect(vmTable([{ ...ROW, name: '\u001b[2J' }])).toContain('\\x1b[2J');
    const [head = '', long = ''] = vmTable([{ ...ROW, name: 'n'.repeat(200) }]).split('\n');
    expect(head.length).toBeLessThan(90);
    expect(long.length).toBeGreaterThan(200);
  });
});
