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
    return [
      { file: NIX_FILE, line: `virtualisation.libvirtd.qemu.verbatimConfig = ''${lines.join('\n')}'';` },
      { run: 'nixos-rebuild switch' },
    ];
  }
  const restart = { run: `systemctl restart ${mode === 'monolithic' ? 'libvirtd' : 'virtqemud'}` };
  return [...lines.map((line) => ({ file: '/etc/libvirt/qemu.conf', line })), restart];
}

/** Steps that put a user into groups; in effect after the next login. */
export function groupSteps(platform: Platform, user: string, groups: readonly string[]): RemedyStep[] {
  const logIn = { text: 'log out and in again' };
  if (platform.distribution === 'nixos') {
    const names = groups.map((group) => `"${group}"`).join(' ');
    return [{ file: NIX_FILE, line: `users.users."${user}".extraGroups = [ ${names} ];` }, { run: 'nixos-rebuild switch' }, logIn];
  }
  return [{ run: `usermod --append --groups ${groups.join(',')} ${user}` }, logIn];
}
