import type { FactStore } from '../engine/fact-store.ts';
import type { Caller } from '../facts/caller.ts';
import type { Mount } from '../facts/mounts.ts';
import type { Networks } from '../facts/networks.ts';
import { facts } from '../facts/registry.ts';
import type { Machine } from '../report/machine.ts';

type Row = Machine['environment'][number];

/** How the machine was set up, as far as a phase of a project can ask for it; what could not be looked at has no row. */
export async function collectSetup(store: FactStore): Promise<Row[]> {
  const [announcement, mounts, caller, networks, libvirtObjects] = await Promise.all([
    store.get(facts.bootAnnouncement),
    store.get(facts.mounts),
    store.get(facts.caller),
    store.get(facts.networks),
    store.get(facts.libvirtObjects),
  ]);
  return [
    ...(announcement.ok && announcement.value.text !== null
      ? [{ name: 'Booted by', value: announcement.value.text, source: announcement.value.source }]
      : []),
    ...(mounts.ok ? [...mountRow('Root file system', '/', mounts.value), ...mountRow('Home file system', '/home', mounts.value)] : []),
    ...(caller.ok ? [{ name: 'User', value: userWords(caller.value), source: '/proc/self/status' }] : []),
    ...(networks.ok ? networkRows(networks.value, libvirtObjects.ok && libvirtObjects.value.state === 'read') : []),
  ];
}

/** A later mount hides an earlier one on the same folder. */
function mountRow(name: string, folder: string, mounts: readonly Mount[]): Row[] {
  const mount = mounts.findLast(({ target }) => target === folder);
  if (mount === undefined) return [];
  const subvolume = mount.options.find((option) => option.startsWith('subvol='))?.slice('subvol='.length);
  return [{ name, value: subvolume === undefined ? mount.type : `${mount.type}, subvolume ${subvolume}`, source: '/proc/self/mounts' }];
}

/** `root`, `developer`, `developer, by sudo`: who may do something proves little about who may not. */
function userWords({ name, uid, sudoUser }: Caller): string {
  if (sudoUser !== null) return `${sudoUser.name ?? sudoUser.uid}, by sudo`;
  return uid === 0 ? 'root' : (name ?? `uid ${uid}`);
}

/** The names in a row of their own: one that is not among them is not there. */
function networkRows({ networks }: Networks, isTold: boolean): Row[] {
  if (networks.state !== 'ok') return [];
  const source = isTold ? 'virsh net-list --all' : "libvirt's files: qemu/networks, /run/libvirt/network";
  const names = networks.value.map(({ name }) => name);
  return [
    { name: 'Networks', value: names.length === 0 ? 'none' : names.join(', '), source },
    ...networks.value.map(({ name, isActive, isYetToStart, bridge, forward }) => ({
      name: `Network ${name}`,
      value: [
        isYetToStart === true ? 'starts with libvirt' : runWord(isActive),
        bridge === null ? 'no bridge' : `bridge ${bridge}`,
        forward ?? 'isolated',
      ].join(', '),
      source,
    })),
  ];
}

function runWord(isActive: boolean): string {
  return isActive ? 'active' : 'stopped';
}
