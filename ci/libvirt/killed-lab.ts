import { definitions, guestData, IMAGES, type LabSpec, NVRAM, SMALL_VM, STATE, TPM, wipe, writeData, writeSpec } from './lab.ts';
import { demanded, type Libvirtd } from './libvirtd.ts';

const LAB: LabSpec = {
  name: 'lab',
  networks: { a: { address: '10.44.0.1/24', bridge: 'pcbr-a' }, b: { address: '10.45.0.1/24', bridge: 'pcbr-b' } },
  pools: { old: { path: `${IMAGES}/old` }, new: { path: `${IMAGES}/new` } },
  volumes: {
    kept: { pool: 'old', size: '64 MiB' },
    fresh: { pool: 'old', size: '64 MiB' },
    other: { pool: 'new', size: '64 MiB', format: 'raw' },
  },
  vms: {
    one: { ...SMALL_VM, disks: [{ volume: 'kept' }], nics: [{ network: 'a' }] },
    two: { ...SMALL_VM, disks: [{ volume: 'fresh' }, { volume: 'other' }], nics: [{ network: 'a' }, { network: 'b' }], autostart: true },
  },
};

/** The mutating calls of an apply that makes this lab, and how many of each there are. */
export const MAKING = {
  'net-define': 2,
  'net-start': 2,
  'net-autostart': 2,
  'pool-define': 2,
  'pool-build': 1,
  'pool-start': 2,
  'pool-autostart': 2,
  'vol-create': 2,
  define: 2,
  autostart: 1,
};

/** Those of a destroy that deletes one disk. */
export const REMOVING = { undefine: 2, 'vol-delete': 1, 'pool-destroy': 2, 'pool-undefine': 2, 'net-destroy': 2, 'net-undefine': 2 };

/** Around each of these calls: `it.each` runs with them. */
export const killsAround = (calls: Readonly<Record<string, number>>): { when: 'before' | 'after'; call: number; of: string }[] =>
  Object.entries(calls).flatMap(([of, count]) =>
    Array.from({ length: count }, (_, index) => index + 1).flatMap((call) => [
      { when: 'before', call, of },
      { when: 'after', call, of },
    ]),
  );

/** How many calls of each name there are. */
export function counted(writes: readonly string[]): Record<string, number> {
  const names = writes.map((call) => call.split(' ')[1] ?? '');
  return Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]));
}

/** What libvirt has and what guests have written: equal texts say that all is the same. */
export interface Found {
  readonly definitions: string;
  readonly data: string;
}

export async function found(host: Libvirtd): Promise<Found> {
  return { definitions: await definitions(host), data: await guestData(host) };
}

/**
 * A lab of which a disk with data, firmware settings and a TPM are there already, as `destroy` leaves them, and the rest is not.
 * {@link makeAgain} brings it back to that.
 */
export async function makeLab(host: Libvirtd): Promise<void> {
  writeSpec(host, LAB);
  demanded(await host.passcheck(['apply', 'lab.yaml']));
  await writeData(host, `${IMAGES}/old/kept.qcow2`, 7);
  await host.virsh('start one; destroy one');
  demanded(await host.passcheck(['destroy', 'lab.yaml', '--yes', '--delete-disks', 'fresh', 'other']));
  demanded(await host.sh(`rmdir ${IMAGES}/new; tar -Pcf saved.tar ${IMAGES}/old ${NVRAM} ${TPM} ${STATE}`));
}

export async function makeAgain(host: Libvirtd): Promise<void> {
  await wipe(host);
  demanded(await host.sh('tar -Pxf saved.tar'));
}
