import { describe, expect, it } from 'vitest';
import { steps } from '../../../test/plan-steps.ts';
import {
  desired,
  domain,
  file,
  liveDomain,
  livePool,
  liveVolume,
  look,
  oneOfEach,
  ownedBy,
  pool,
  remarks,
  uuid,
  volume,
} from '../../../test/plan-world.ts';
import { DISK, NVRAM, TPM, destroyed } from '../../../test/removals.ts';
import { ABSENT, unreadable } from '../../host/reading.ts';

function withNvram(path = NVRAM): string {
  return liveDomain().inactive.replace('</vcpu>', `</vcpu><os><nvram>${path}</nvram></os>`);
}

describe('disks to delete', () => {
  const spec = oneOfEach();

  it('are deleted where they are named, before their pool goes', () => {
    const plan = destroyed(spec, {}, { deleteDisks: ['dc01'] });
    expect(steps(plan).slice(0, 3)).toEqual(['DC01: undefine-domain', 'dc01: delete-volume', 'homelab: stop-pool']);
    expect(plan.actions[1]).toMatchObject({ step: { path: DISK, pool: 'homelab', volume: 'dc01.qcow2' } });
    expect(steps(destroyed(spec, {}, { deleteDisks: 'all' }))).toContain('dc01: delete-volume');
  });

  it('all of one VM are those of that VM', () => {
    const two = desired({ volumes: [volume(), volume({ label: 'other' })], pools: [pool()], domains: [domain()] });
    expect(steps(destroyed(two, {}, { deleteDisks: 'all', names: ['DC01'] }))).toEqual(['DC01: undefine-domain', 'dc01: delete-volume']);
  });

  it.each([
    ['a VM that stays has them', { users: [{ domain: 'win11', isActive: false, disks: [DISK] }] }, {}, 'it is a disk of win11'],
    [
      'an image is built on them',
      { volumes: [liveVolume(), liveVolume({ name: 's', path: '/pools/homelab/s', backing: DISK })] },
      {},
      '/pools/homelab/s is built on it',
    ],
    ['passcheck did not make them', {}, { owned: ownedBy(desired({ pools: [pool()] })) }, 'passcheck did not make it'],
    ['they are links', {}, { look: look({ files: new Map([[DISK, file({ kind: 'other' })]]) }) }, 'it is no ordinary file'],
    ['nobody could look', {}, { look: look({ files: new Map([[DISK, unreadable('denied', 'no')]]) }) }, 'could not look at it (no)'],
    ['nobody looked', {}, { look: look() }, 'it was not looked at'],
  ] as const)('stay when %s', (_, live, given, words) => {
    const plan = destroyed(spec, live, { ...given, deleteDisks: ['dc01'], names: ['DC01'] });
    expect(steps(plan)).toEqual(['DC01: undefine-domain']);
    expect(remarks(plan)).toEqual([`refused: ${DISK} is not deleted: ${words}`]);
  });

  it('stay when their own VM stays', () => {
    expect(remarks(destroyed(spec, {}, { deleteDisks: ['dc01'], names: ['lab-net'] }))).toEqual([
      `refused: ${DISK} is not deleted: it is a disk of DC01`,
    ]);
  });

  it('that are not there are no fault; in a pool that does not run nobody can tell', () => {
    const gone = { look: look({ files: new Map([[DISK, ABSENT]]) }), deleteDisks: ['dc01'] };
    expect(remarks(destroyed(spec, { volumes: [] }, gone))).toContain(`note: ${DISK} is not there, so nothing is deleted`);
    const stopped = destroyed(spec, { volumes: [], pools: [livePool(pool(), { isActive: false })] }, { deleteDisks: ['dc01'] });
    expect(stopped.refused).toMatchObject([{ fix: 'Start it: virsh -c qemu:///system pool-start homelab' }]);
  });
});

describe('NVRAM and TPM to delete', () => {
  const spec = desired({ domains: [domain()] });
  const live = { domains: [liveDomain(domain(), { inactive: withNvram() })] };

  it('are deleted where they are named, while the VM is there to name them', () => {
    const plan = destroyed(spec, live, { deleteNvram: true, deleteTpm: true });
    expect(plan.actions.map(({ step }) => step)).toMatchObject([
      { do: 'delete-nvram', uuid: uuid(4), path: NVRAM },
      { do: 'delete-tpm', uuid: uuid(4), path: TPM },
      { do: 'undefine-domain' },
    ]);
  });

  it.each([
    [{ files: new Map([[NVRAM, file({ kind: 'other' })]]) }, `refused: its NVRAM ${NVRAM} is no ordinary file`],
    [{ files: new Map() }, `refused: could not look at its NVRAM ${NVRAM}`],
  ])('NVRAM: %j', (host, message) => {
    expect(remarks(destroyed(spec, live, { deleteNvram: true, look: look(host) }))).toEqual([message]);
  });

  it('that are not there are nothing to speak of', () => {
    const files = new Map([
      [NVRAM, ABSENT],
      [TPM, ABSENT],
    ]);
    const plan = destroyed(spec, live, { deleteNvram: true, deleteTpm: true, look: look({ files }) });
    expect([...steps(plan), ...remarks(plan)]).toEqual(['DC01: undefine-domain']);
  });

  it('NVRAM that another VM has, too, stays', () => {
    const users = [{ domain: 'win11', isActive: false, disks: [], nvrams: [NVRAM] }];
    expect(remarks(destroyed(spec, { ...live, users }, { deleteNvram: true }))).toEqual([
      `refused: its NVRAM ${NVRAM} is that of win11, too`,
    ]);
  });

  it.each([
    [{ tpmFolder: null }, 'refused: could not look at what its TPM holds'],
    [{ look: look() }, `refused: could not look at what its TPM holds in ${TPM}`],
    [{ look: look({ files: new Map([[TPM, file()]]) }) }, `refused: ${TPM} is no folder`],
  ])('TPM: %j', (given, message) => {
    expect(remarks(destroyed(spec, live, { deleteTpm: true, ...given }))).toEqual([message]);
  });
});
