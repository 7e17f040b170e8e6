import { describe, expect, it } from 'vitest';
import { plan, steps } from '../../../test/plan-steps.ts';
import { desired, domain, liveDomain, liveVolume, ownedBy, uuid, volume } from '../../../test/plan-world.ts';
import type { DesiredDomain } from '../desired.ts';
import { el } from '../tree.ts';

const DISK = '/pools/homelab/dc01.qcow2';
const spec = desired({ domains: [domain({ name: 'WS01', uuid: uuid(5) })], volumes: [volume()] });

function withNvram(one: DesiredDomain, path: string): DesiredDomain {
  const os = el('os', { firmware: 'efi' }, [el('type', {}, 'hvm'), el('nvram', {}, path)]);
  return { ...one, tree: { ...one.tree, children: [...one.tree.children, os] } };
}

describe('a VM that has another name in the spec than before', () => {
  it('is not made a second time with the disk of the first', () => {
    const users = [{ domain: 'CLIENT01', isActive: false, disks: [DISK], owner: 'lab' }];
    const refused = plan(spec, { users, volumes: [liveVolume()] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toEqual([
      {
        object: { kind: 'domain', name: 'WS01' },
        message: `${DISK} is a disk of CLIENT01, which was made from this spec and is no longer in it: is this a rename?`,
        fix: 'If so, rename it while it is off, and plan again: virsh -c qemu:///system domrename CLIENT01 WS01; else take CLIENT01 away: passcheck prune SPEC',
      },
    ]);
  });

  it('is found by its NVRAM, too, where the spec names the file', () => {
    const users = [{ domain: 'CLIENT01', isActive: false, disks: [], owner: 'lab', nvrams: ['/nvram/c.fd'] }];
    const named = domain({ name: 'WS01', spec: { nvram: '/nvram/c.fd' }, nvramPath: '/nvram/c.fd' });
    expect(plan(desired({ domains: [named] }), { users }).refused).toMatchObject([
      { message: expect.stringContaining('/nvram/c.fd is the NVRAM of CLIENT01, which was made from this spec') },
    ]);
  });

  it('is that of the spec once libvirt calls it so: with its UUID and its NVRAM file there is nothing to do', () => {
    const wanted = withNvram(domain({ name: 'WS01', uuid: uuid(5) }), '/nvram/WS01.fd');
    const live = liveDomain(withNvram(domain({ name: 'WS01', uuid: uuid(4) }), '/nvram/CLIENT01.fd'));
    const users = [{ domain: 'WS01', isActive: false, disks: [DISK], owner: 'lab', nvrams: ['/nvram/CLIENT01.fd'] }];
    const after = plan({ ...spec, domains: [wanted] }, { domains: [live], users, volumes: [liveVolume()] });
    expect(after).toMatchObject({ actions: [], refused: [], notes: [] });
  });
});

describe('a new VM whose disk a VM beside the spec has', () => {
  const users = [{ domain: 'other', isActive: false, disks: [DISK] }];

  it('is not made', () => {
    const refused = plan(spec, { users, volumes: [liveVolume()] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([{ message: `${DISK} is a disk of other, which this spec does not have` }]);
  });

  it('is refused once, where the volume is refused for it', () => {
    const refused = plan(spec, { users, volumes: [liveVolume()] }, { owned: ownedBy(desired()) });
    expect(refused.refused).toMatchObject([{ object: { kind: 'volume' } }]);
  });
});
