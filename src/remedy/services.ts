import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';

/** Steps that start libvirt now and at every boot: `libvirtd`, or the modular daemons where the distribution has them. */
export function startLibvirtSteps(platform: Platform, mode: 'monolithic' | 'modular'): RemedyStep[] {
  return [{ text: `${platform.name}: ${mode}` }];
}

/** Steps after a change of /etc/libvirt/qemu.conf: `lines` are what must stand in it. */
export function qemuConfSteps(platform: Platform, mode: 'monolithic' | 'modular', lines: readonly string[]): RemedyStep[] {
  return [{ text: `${platform.name}: ${mode}: ${lines.join('; ')}` }];
}

/** Steps that put a user into groups; in effect after the next login. */
export function groupSteps(platform: Platform, user: string, groups: readonly string[]): RemedyStep[] {
  return [{ text: `${platform.name}: ${user}: ${groups.join(' ')}` }];
}
