import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseDetails } from './details.ts';

const A = '647f5c13-6afd-4932-976b-a82ca93ae86c';
const B = '12345678-6afd-4932-976b-a82ca93ae86c';
/** As virsh 9.0 prints it. */
const INFO = 'Id:             1\nName:           a\nState:          running\nAutostart:      disable\nManaged save:   no\n';
const LEASE = ' vnet0      52:54:00:12:34:56    ipv4         192.168.77.15/24\n';

function printed(uuid: string, { info = INFO, snapshots = '', lease = '', arp = '' } = {}): string {
  return `=${uuid}=info=${info}=${uuid}=snapshots=${snapshots}=${uuid}=lease=${lease}=${uuid}=arp=${arp}=${uuid}=end=`;
}

describe('what virsh prints of VMs', () => {
  it('tells autostart, saved memory, snapshots and addresses', () => {
    const saved = INFO.replace('disable', 'enable').replace('save:   no', 'save:   yes');
    const text = printed(A, { lease: LEASE }) + printed(B, { info: saved, snapshots: 'one\nbefore = after\n' });
    expect(Object.fromEntries(parseDetails(text, [A, B]))).toEqual({
      [A]: {
        autostart: false,
        hasManagedSave: false,
        snapshots: [],
        addresses: [{ mac: '52:54:00:12:34:56', address: '192.168.77.15' }],
      },
      [B]: { autostart: true, hasManagedSave: true, snapshots: ['one', 'before = after'], addresses: [] },
    });
  });

  it('takes what the neighbours say where there is no lease', () => {
    const arp = LEASE.replace('.15/24', '.16/0');
    expect(parseDetails(printed(A, { arp }), [A]).get(A)?.addresses).toEqual([{ mac: '52:54:00:12:34:56', address: '192.168.77.16' }]);
    expect(parseDetails(printed(A, { lease: LEASE, arp }), [A]).get(A)?.addresses).toHaveLength(1);
  });

  it('says nothing of a VM that went away, and nothing at all when a name looks like a mark', () => {
    const gone = parseDetails(printed(A, { info: '' }) + printed(B), [A, B]);
    expect([gone.get(A), gone.get(B)?.autostart]).toEqual([null, false]);
    expect(parseDetails(printed(A, { snapshots: `=${A}=lease=\n` }), [A]).get(A)).toBeNull();
    expect(parseDetails(printed(B), [A]).get(A)).toBeNull();
  });

  it('has an answer for each VM, whatever is printed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (info, snapshots) => {
        expect([...parseDetails(printed(A, { info, snapshots }), [A]).keys()]).toEqual([A]);
      }),
    );
  });
});
