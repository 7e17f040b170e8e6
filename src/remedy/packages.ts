import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';

export type Software =
  | 'libvirt'
  | 'qemu'
  | 'ovmf'
  | 'swtpm'
  | 'dnsmasq'
  | 'firewall'
  | 'virt-manager'
  | 'looking-glass-client'
  | 'kvmfr'
  | 'acl';

/** Steps that install software by this distribution's package names. */
export function installSteps(platform: Platform, software: readonly Software[]): RemedyStep[] {
  return [{ text: `${platform.name}: ${software.join(' ')}` }];
}
