import { describe, expect, it } from 'vitest';
import { plan, steps } from '../../../test/plan-steps.ts';
import { desired, domain, liveDomain, liveVolume, owned, remarks, volume } from '../../../test/plan-world.ts';

describe('a VM with snapshots', () => {
  const snapshots = ['before'];

  it('keeps its disks: a change of them is refused', () => {
    const moved = desired({ domains: [domain({ disks: ['/pools/homelab/other.qcow2'] })] });
    const refused = plan(moved, { domains: [liveDomain(domain(), { snapshots })] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([{ message: expect.stringContaining('it has snapshots (before)') }]);
    const second = desired({ domains: [domain({ disks: ['/pools/homelab/dc01.qcow2', '/pools/homelab/b'] })] });
    expect(plan(second, { domains: [liveDomain(domain(), { snapshots })] }).refused).toHaveLength(1);
  });

  it('may get more memory', () => {
    const larger = desired({ domains: [domain({ memoryKiB: 16 * 1024 * 1024 })] });
    expect(steps(plan(larger, { domains: [liveDomain(domain(), { snapshots })] }))).toEqual(['DC01: define-domain']);
  });
});

describe('a VM whose disk is an overlay', () => {
  const base = '/pools/homelab/dc01.qcow2';
  const top = '/pools/homelab/dc01.snap';
  const spec = desired({ domains: [domain()] });
  const chain = `<backingStore type='file'><format type='qcow2'/><source file='${base}'/></backingStore>`;
  const inactive = liveDomain().inactive.replace(`<source file='${base}'/>`, `<source file='${top}'/>${chain}`);

  it('goes on with it, and that is told', () => {
    const kept = plan(spec, { domains: [liveDomain(domain(), { inactive })] });
    expect(steps(kept)).toEqual([]);
    expect(remarks(kept)).toEqual([`note: disk vda is ${top}, a snapshot built on ${base}: it stays so`]);
  });

  it('is never pointed back to the base when only the image says so', () => {
    const silent = liveDomain().inactive.replace(base, top);
    const overlay = liveVolume({ name: 'dc01.snap', path: top, backing: base });
    const refused = plan(spec, { domains: [liveDomain(domain(), { inactive: silent })], volumes: [overlay] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([
      {
        message: `disk vda is ${top}, which is built on ${base}: what was written to it since would be lost`,
        fix: expect.stringContaining('blockcommit'),
      },
    ]);
  });
});

describe('a VM whose disk is another file than the spec says', () => {
  const live = liveDomain(domain({ disks: ['/images/hand.qcow2'] }));
  const wanted = domain({ memoryKiB: 16 * 1024 * 1024 });
  const spec = desired({ domains: [wanted], volumes: [volume()] });

  it('gets the new one where passcheck made the old one, which stays', () => {
    const ours = owned({ volumes: { '/images/hand.qcow2': 'made' } });
    expect(steps(plan(spec, { domains: [live] }, { owned: ours }))).toContain('DC01: define-domain');
  });

  it('gets no empty one in its place', () => {
    const refused = plan(spec, { domains: [live] });
    expect(steps(refused)).not.toContain('DC01: define-domain');
    expect(refused.refused).toEqual([
      {
        object: { kind: 'domain', name: 'DC01' },
        message:
          'disk vda is /images/hand.qcow2, and would become /pools/homelab/dc01.qcow2, which does not exist yet: the VM would have an empty disk',
        fix: 'Describe the disk as it is: a volume with file: hand.qcow2 in a pool whose path: is /images',
      },
    ]);
    const inPool = live.inactive.replace("<source file='/images/hand.qcow2'/>", "<source pool='images' volume='hand.qcow2'/>");
    const byPool = plan(spec, { domains: [{ ...live, inactive: inPool.replace("type='file'", "type='volume'") }] });
    expect(byPool.refused).toMatchObject([{ fix: 'Describe the disk as it is: a volume with file: hand.qcow2 in the pool images' }]);
  });

  it('gets one that is there, and that is the first thing told', () => {
    const { actions } = plan(spec, { domains: [live], volumes: [liveVolume()] });
    expect(actions[0]?.changes.map(({ from }) => from)).toEqual(['/images/hand.qcow2', '8 GiB']);
    expect(actions[0]?.changes[0]?.to).toBe('/pools/homelab/dc01.qcow2');
  });
});

describe('a VM whose memory was saved', () => {
  it('is not changed: its memory would meet another machine', () => {
    const larger = desired({ domains: [domain({ memoryKiB: 16 * 1024 * 1024 })] });
    const refused = plan(larger, { domains: [liveDomain(domain(), { hasManagedSave: true })] });
    expect(steps(refused)).toEqual([]);
    expect(remarks(refused)).toEqual([
      'refused: its memory was saved when it was stopped (managed save), and would meet another machine: memory 8 GiB → 16 GiB',
    ]);
    expect(plan(desired({ domains: [domain()] }), { domains: [liveDomain(domain(), { hasManagedSave: true })] }).refused).toEqual([]);
  });
});
