import type { HostSource } from '../host/source.ts';
import { type LibvirtConf, parseLibvirtConf } from '../libvirt/conf.ts';
import { defineFact } from './fact.ts';
import { optionalText, valueOrNull } from './read.ts';
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

/** The configuration folder of a user's session. */
export function sessionFolder(host: HostSource): string {
  const home = valueOrNull(host.environment('HOME')) ?? '/root';
  return `${valueOrNull(host.environment('XDG_CONFIG_HOME')) ?? `${home}/.config`}/libvirt`;
}

/**
 * qemu.conf of the configured connection. Debian makes the file, Fedora its folder, readable for root alone: then this is
 * an error, never the defaults.
 */
export const qemuConf = defineFact({
  id: 'qemuConf',
  wants: { platform },
  collect(host, facts, { config }): QemuConf {
    const system = libvirtFolder(facts.platform.ok ? facts.platform.value.distribution : null);
    const path = `${config.connection === 'qemu:///session' ? sessionFolder(host) : system}/qemu.conf`;
    const text = optionalText(host, path);
    return { path, exists: text !== null, ...parseLibvirtConf(text ?? '') };
  },
});
