import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';
import { INITRAMFS_TABLE, type InitramfsRow } from './initramfs-table.ts';

const NIX_FILE = '/etc/nixos/configuration.nix';
const NIX_REBUILD: RemedyStep = { run: 'nixos-rebuild boot', reboot: true };

/** Steps that put lines into a file of /etc/modprobe.d (`vfio.conf`) and make them count at the next boot (initramfs rebuilt). */
export function modprobeSteps(platform: Platform, file: string, lines: readonly string[]): RemedyStep[] {
  if (platform.distribution === 'nixos') {
    return [{ file: NIX_FILE, line: `boot.extraModprobeConfig = ''${lines.join('\n')}'';` }, NIX_REBUILD];
  }
  return [...lines.map((line) => ({ file: `/etc/modprobe.d/${file}`, line })), ...rebuildInitramfsSteps(platform)];
}

/** Steps that load modules from the initramfs, before the display drivers; with the rebuild. */
export function earlyModuleSteps(platform: Platform, modules: readonly string[]): RemedyStep[] {
  if (platform.distribution === 'nixos')
    return [{ file: NIX_FILE, line: `boot.initrd.kernelModules = [ ${quoted(modules)} ];` }, NIX_REBUILD];
  if (platform.distribution === 'fedora-atomic') return [atomicInitramfs(modules)];
  const row = initramfsRow(platform);
  if (row === null)
    return [{ text: `load ${modules.join(', ')} from the initramfs, before the display drivers` }, ...rebuildInitramfsSteps(platform)];
  if (row.place !== undefined)
    return [{ file: row.file, text: `put ${modules.join(' ')} first in ${row.place}` }, ...rebuildInitramfsSteps(platform)];
  const lines = row.onePerLine === true ? modules : [row.line.replace('%', modules.join(' '))];
  return [...lines.map((line) => ({ file: row.file, line })), ...rebuildInitramfsSteps(platform)];
}

/** Steps that rebuild the initramfs. */
export function rebuildInitramfsSteps(platform: Platform): RemedyStep[] {
  if (platform.distribution === 'nixos') return [NIX_REBUILD];
  if (platform.distribution === 'fedora-atomic')
    return [{ run: 'rpm-ostree initramfs-etc --force-sync --track=/etc/modprobe.d', reboot: true }];
  const row = initramfsRow(platform);
  return [
    row === null
      ? { text: 'rebuild the initramfs (update-initramfs -u, mkinitcpio -P or dracut --force)', reboot: true }
      : { run: row.rebuild, reboot: true },
  ];
}

/** Steps that load modules at every boot, without need for the initramfs (modules-load.d(5)), and now. */
export function loadModuleSteps(platform: Platform, modules: readonly string[]): RemedyStep[] {
  if (platform.distribution === 'nixos')
    return [{ file: NIX_FILE, line: `boot.kernelModules = [ ${quoted(modules)} ];` }, { run: 'nixos-rebuild switch' }];
  const lines = modules.map((line) => ({ file: '/etc/modules-load.d/passthrough.conf', line }));
  return [...lines, { run: `modprobe --all ${modules.join(' ')}` }];
}

function initramfsRow({ distribution, initramfsTool }: Platform): InitramfsRow | null {
  if (distribution === null || initramfsTool === null) return null;
  const row = INITRAMFS_TABLE[distribution][initramfsTool];
  return 'none' in row ? null : row;
}

/** https://coreos.github.io/rpm-ostree/ (initramfs) */
function atomicInitramfs(modules: readonly string[]): RemedyStep {
  return { run: `rpm-ostree initramfs --enable --arg=--force-drivers --arg="${modules.join(' ')}"`, reboot: true };
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' ');
}
