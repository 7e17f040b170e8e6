import { isAbsolute, join } from 'node:path';

import { attribute, first, textAt, type XmlElement } from '../domain/xml.ts';
import type { ConnectionUri } from '../libvirt/virsh.ts';
import type { Caller } from '../provision/state/folder.ts';

/** Where libvirt keeps what belongs to a VM and is no disk. Seen on libvirt 9.0. */
export interface LibvirtPlaces {
  /** Settings of UEFI firmware: a file NAME_VARS.fd for each VM that has no other. */
  readonly nvram: string;
  /** State of emulated TPMs: a folder for each VM, named by its UUID. */
  readonly swtpm: string;
}

/** Those of the system, which root's own session is too, or of a user's session; null when the environment does not tell. */
export function libvirtPlaces(uri: ConnectionUri, { uid, environment }: Caller): LibvirtPlaces | null {
  if (uri === 'qemu:///system' || uid === 0) return { nvram: '/var/lib/libvirt/qemu/nvram', swtpm: '/var/lib/libvirt/swtpm' };
  const { XDG_CONFIG_HOME: config = '', HOME: home = '' } = environment;
  if (!isAbsolute(config) && !isAbsolute(home)) return null;
  const folder = join(isAbsolute(config) ? config : join(home, '.config'), 'libvirt/qemu');
  return { nvram: join(folder, 'nvram'), swtpm: join(folder, 'swtpm') };
}

/** Something of a VM on the disk of the host: one of `paths` (the first that is there), nothing, or what passcheck cannot keep. */
export type Place =
  | { readonly kind: 'none' }
  | { readonly kind: 'at'; readonly paths: readonly string[] }
  | { readonly kind: 'elsewhere'; readonly what: string };

const NONE = { kind: 'none' } as const;

/** The settings of a VM's UEFI firmware. https://libvirt.org/formatdomain.html#bios-bootloader */
export function nvramPlace(root: XmlElement, places: LibvirtPlaces): Place {
  const loader = first(root, 'os', 'loader');
  const nvram = first(root, 'os', 'nvram');
  const isUefi = nvram !== undefined || attribute(first(root, 'os'), 'firmware') === 'efi' || attribute(loader, 'type') === 'pflash';
  if (!isUefi || attribute(loader, 'stateless') === 'yes') return NONE;
  const type = attribute(nvram, 'type') ?? 'file';
  if (type !== 'file') return { kind: 'elsewhere', what: `its UEFI settings are on a device of type ${type}` };
  const written = attribute(first(nvram, 'source'), 'file') ?? textAt(root, 'os', 'nvram');
  if (written !== null) return { kind: 'at', paths: [written] };
  const name = textAt(root, 'name') ?? '';
  return { kind: 'at', paths: [`${name}_VARS.fd`, `${name}_VARS.qcow2`].map((file) => join(places.nvram, file)) };
}

/** The folder with the state of a VM's TPM. https://libvirt.org/formatdomain.html#tpm-device */
export function tpmPlace(root: XmlElement, uuid: string, places: LibvirtPlaces): Place {
  const backend = first(root, 'devices', 'tpm', 'backend');
  if (backend === undefined) return NONE;
  const type = attribute(backend, 'type') ?? 'unknown';
  if (type !== 'emulator')
    return { kind: 'elsewhere', what: `its TPM is of type ${type}: only an emulated one has a state that can be kept` };
  if (first(backend, 'source') !== undefined) return { kind: 'elsewhere', what: 'its TPM keeps its state where the definition says' };
  return { kind: 'at', paths: [join(places.swtpm, uuid)] };
}
