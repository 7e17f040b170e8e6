import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';

const NIX_FILE = '/etc/nixos/configuration.nix';

/**
 * Steps that start libvirt now and at every boot: `libvirtd`, or the modular daemons where the distribution has them.
 * https://libvirt.org/daemons.html
 */
export function startLibvirtSteps(platform: Platform, mode: 'monolithic' | 'modular'): RemedyStep[] {
  if (platform.distribution === 'nixos')
    return [{ file: NIX_FILE, line: 'virtualisation.libvirtd.enable = true;' }, { run: 'nixos-rebuild switch' }];
  if (mode === 'monolithic') return [{ run: 'systemctl enable --now libvirtd.service' }];
  return [{ run: 'systemctl enable --now virtqemud.socket virtnetworkd.socket virtstoraged.socket virtnodedevd.socket virtlogd.socket' }];
}

/** Steps after a change of /etc/libvirt/qemu.conf: `lines` are what must stand in it. */
export function qemuConfSteps(platform: Platform, mode: 'monolithic' | 'modular', lines: readonly string[]): RemedyStep[] {
  if (platform.distribution === 'nixos') {
    // What the option has by default goes away when it is set.
    const text = ['namespaces = []', ...lines].join('\n');
    return [{ file: NIX_FILE, line: `virtualisation.libvirtd.qemu.verbatimConfig = ''${text}'';` }, { run: 'nixos-rebuild switch' }];
  }
  return [...lines.map((line) => ({ file: '/etc/libvirt/qemu.conf', line })), restartLibvirtStep(mode)];
}

/** The step that makes libvirt look again at what it reads only when it starts; VMs keep running. */
export function restartLibvirtStep(mode: 'monolithic' | 'modular'): RemedyStep {
  return { run: `systemctl restart ${mode === 'monolithic' ? 'libvirtd' : 'virtqemud'}` };
}

/** Steps that put a user into groups; in effect after the next login, for QEMU's user with the next start of a VM. */
export function groupSteps(
  platform: Platform,
  user: string,
  groups: readonly string[],
  who: 'person' | 'service' = 'person',
): RemedyStep[] {
  const logIn = who === 'person' ? [{ text: 'log out and in again' }] : [];
  if (platform.distribution === 'nixos') {
    const names = groups.map((group) => `"${group}"`).join(' ');
    return [{ file: NIX_FILE, line: `users.users."${user}".extraGroups = [ ${names} ];` }, { run: 'nixos-rebuild switch' }, ...logIn];
  }
  // The groups of packages are in /usr/lib/group there, where usermod does not see them.
  const copies = platform.distribution === 'fedora-atomic' ? groups.map((group) => ({ run: copyGroup(group) })) : [];
  return [...copies, { run: `usermod --append --groups ${groups.join(',')} ${user}` }, ...logIn];
}

/** https://docs.fedoraproject.org/en-US/fedora-silverblue/troubleshooting/#_unable_to_add_user_to_group */
function copyGroup(group: string): string {
  return `grep -q '^${group}:' /etc/group || grep '^${group}:' /usr/lib/group >> /etc/group`;
}
