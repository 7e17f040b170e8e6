import type { Attempt } from './fact.ts';
import type { DriverOverrides } from './driver-overrides.ts';
import type { FactError } from './fact-error.ts';
import type { DeviceDrivers } from './host-drivers.ts';
import type { InitramfsConfig } from './initramfs-config.ts';
import type { InitramfsContent } from './initramfs-content.ts';
import type { Kernel } from './kernel.ts';
import type { ModprobeConfig } from './modprobe-config.ts';
import type { Modules } from './modules.ts';
import type { Platform } from './platform.ts';

// What the prediction of the next boot is made of.

/** A place that the user can look at, and what stands there. */
export interface Seen {
  readonly source: string;
  readonly observed: string;
}

/** Why a device will not be on vfio-pci. */
export type Obstacle =
  /** No id, override or script names it. */
  | 'not-named'
  /** A later `ids=` replaces the list that names it. */
  | 'ids-replaced'
  /** modprobe.d names it, and vfio-pci is built into the kernel, which does not read modprobe.d. */
  | 'ids-not-read'
  /** An override by address names another driver. */
  | 'other-override'
  /** driverctl's files say so, but its unit or rule is not where systemd and udev look. */
  | 'override-not-applied'
  /** Its driver is built into the kernel and there before any module. */
  | 'built-in-rival'
  /** Nothing loads vfio-pci. */
  | 'not-loaded'
  /** Another driver can be loaded first. */
  | 'loaded-late'
  /** The initramfs was built without the module or the file with the ids, or before the configuration was written. */
  | 'not-in-initramfs';

/** What will hold a device after the next boot, as far as the configuration tells. */
export type Prospect =
  | { readonly kind: 'vfio'; readonly seen: readonly [Seen, ...Seen[]] }
  | { readonly kind: 'other'; readonly obstacle: Obstacle; readonly detail: string; readonly seen: readonly [Seen, ...Seen[]] }
  | { readonly kind: 'unknown'; readonly source: string; readonly reason: string; readonly hint: string };

/** Everything that decides it. */
export interface ProspectInput {
  readonly kernel: Kernel;
  readonly modules: Modules;
  readonly modprobeConfig: Attempt<ModprobeConfig>;
  readonly initramfsConfig: Attempt<InitramfsConfig>;
  readonly initramfsContent: Attempt<InitramfsContent>;
  readonly driverOverrides: Attempt<DriverOverrides>;
  readonly hostDrivers: Attempt<readonly DeviceDrivers[]>;
  readonly platform: Attempt<Platform>;
}

export function willBind(...seen: readonly [Seen, ...Seen[]]): Prospect {
  return { kind: 'vfio', seen };
}

export function willNotBind(obstacle: Obstacle, detail: string, ...seen: readonly [Seen, ...Seen[]]): Prospect {
  return { kind: 'other', obstacle, detail, seen };
}

export function notKnown(source: string, reason: string, hint = 'run passcheck as root to see it'): Prospect {
  return { kind: 'unknown', source, reason, hint };
}

export function notKnownBecause({ source, reason, hint }: FactError): Prospect {
  return notKnown(source, reason, hint);
}
