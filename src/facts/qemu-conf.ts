import { type LibvirtConf, parseLibvirtConf } from '../libvirt/conf.ts';
import { defineFact } from './fact.ts';
import { optionalText } from './read.ts';
import { platform } from './platform.ts';

/** The settings of libvirt's QEMU driver. Only what is set is here; the rest is libvirt's default. */
export interface QemuConf extends LibvirtConf {
  readonly path: string;
  /** False: there is no such file, so every setting has its default. */
  readonly exists: boolean;
}

/** Where libvirt keeps its configuration: NixOS builds it with /var/lib as its place. */
export function libvirtFolder(distribution: string | null): string {
  return distribution === 'nixos' ? '/var/lib/libvirt' : '/etc/libvirt';
}

/** qemu.conf. Debian makes the file, Fedora its folder, readable for root alone: then this is an error, never the defaults. */
export const qemuConf = defineFact({
  id: 'qemuConf',
  wants: { platform },
  collect(host, facts): QemuConf {
    const path = `${libvirtFolder(facts.platform.ok ? facts.platform.value.distribution : null)}/qemu.conf`;
    const text = optionalText(host, path);
    return { path, exists: text !== null, ...parseLibvirtConf(text ?? '') };
  },
});
