import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';

/** Steps that put lines into a file of /etc/modprobe.d (`vfio.conf`) and make them count at the next boot (initramfs rebuilt). */
export function modprobeSteps(platform: Platform, file: string, lines: readonly string[]): RemedyStep[] {
  return [{ text: `${platform.name}: ${file}: ${lines.join('; ')}`, reboot: true }];
}

/** Steps that load modules from the initramfs, before the display drivers; with the rebuild. */
export function earlyModuleSteps(platform: Platform, modules: readonly string[]): RemedyStep[] {
  return [{ text: `${platform.name}: ${modules.join(' ')}`, reboot: true }];
}

/** Steps that rebuild the initramfs. */
export function rebuildInitramfsSteps(platform: Platform): RemedyStep[] {
  return [{ text: platform.name, reboot: true }];
}

/** Steps that load modules at every boot, without need for the initramfs (modules-load.d), and now. */
export function loadModuleSteps(platform: Platform, modules: readonly string[]): RemedyStep[] {
  return [{ text: `${platform.name}: ${modules.join(' ')}` }];
}
