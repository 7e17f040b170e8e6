import { ABSENT, mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { kernel } from './kernel.ts';
import { moduleName } from './modprobe-config.ts';
import { readText } from './read.ts';

/** The modules that passthrough can need. `vfio_virqfd` became a part of `vfio` in Linux 6.2. */
export const VFIO_MODULES = ['vfio_pci', 'vfio', 'vfio_iommu_type1', 'vfio_virqfd', 'iommufd'] as const;

/** Which modules the running kernel has. Names with underscores. */
export interface Modules {
  readonly loaded: Reading<ReadonlySet<string>>;
  /** Compiled into the kernel: modprobe.d does not reach them. Absent: the kernel's module folder is gone and /sys does not tell. */
  readonly builtIn: Reading<ReadonlySet<string>>;
  /** Those of {@link VFIO_MODULES} that can be loaded from disk. Absent: there is no module folder for the running kernel. */
  readonly onDisk: Reading<ReadonlySet<string>>;
  /** The folder of the running kernel, `/lib/modules/6.12.0`; absent when the kernel was replaced since the boot. */
  readonly folder: Reading<string>;
  /** The kernels whose modules are there instead, when `folder` is absent. */
  readonly installed: readonly string[];
}

export type ModuleState = 'loaded' | 'built-in' | 'loadable' | 'missing' | 'unknown';

/** On NixOS the modules stand elsewhere. */
const ROOTS = ['/lib/modules', '/usr/lib/modules', '/run/booted-system/kernel-modules/lib/modules'];

/** Loaded, built-in and loadable modules of the running kernel. */
export const modules = defineFact({
  id: 'modules',
  needs: { kernel },
  collect(host, { kernel: { release } }): Modules {
    const loaded = mapReading(readText(host, '/proc/modules', 4 * 1024 * 1024), parseLoadedModules);
    const folder = moduleFolder(host, release);
    return {
      loaded,
      folder,
      builtIn: builtInModules(host, folder, loaded),
      onDisk: modulesOnDisk(host, folder),
      installed: folder.state === 'absent' ? installedReleases(host) : [],
    };
  },
});

/** How the running kernel has one module; `name` in any spelling. `missing`: neither loaded, nor built in, nor on disk. */
export function moduleState(state: Pick<Modules, 'loaded' | 'builtIn' | 'onDisk'>, name: (typeof VFIO_MODULES)[number]): ModuleState {
  const { loaded, builtIn, onDisk } = state;
  if (loaded.state === 'ok' && loaded.value.has(name)) return 'loaded';
  if (builtIn.state === 'ok' && builtIn.value.has(name)) return 'built-in';
  if (onDisk.state === 'ok' && onDisk.value.has(name)) return 'loadable';
  if (loaded.state === 'unreadable' || builtIn.state === 'unreadable' || onDisk.state === 'unreadable') return 'unknown';
  return 'missing';
}

function moduleFolder(host: HostSource, release: string | null): Reading<string> {
  if (release === null) return unreadable('not-recorded', 'the release of the kernel was not recorded');
  let hidden: Reading<string> = ABSENT;
  for (const root of ROOTS) {
    const folder = `${root}/${release}`;
    const names = host.list(folder);
    // A folder that holds build files only (headers) is what a removed kernel leaves behind.
    if (names.state === 'ok' && names.value.includes('modules.dep')) return ok(folder);
    if (names.state === 'unreadable' && hidden.state === 'absent') hidden = names;
  }
  return hidden;
}

function installedReleases(host: HostSource): readonly string[] {
  const names = host.list('/lib/modules');
  return names.state === 'ok' ? names.value.filter((name) => host.stat(`/lib/modules/${name}/modules.dep`).state === 'ok') : [];
}

/** From `modules.builtin`, and from what /sys/module has that is not loaded: parts with parameters show there. */
function builtInModules(host: HostSource, folder: Reading<string>, loaded: Reading<ReadonlySet<string>>): Reading<ReadonlySet<string>> {
  const inSys = host.list('/sys/module');
  const seen = inSys.state === 'ok' && loaded.state === 'ok' ? inSys.value.filter((name) => !loaded.value.has(name)) : [];
  if (folder.state !== 'ok') return seen.length > 0 && folder.state === 'absent' ? ok(new Set(seen)) : folder;
  return mapReading(readText(host, `${folder.value}/modules.builtin`), (text) => new Set([...parseModulePaths(text), ...seen]));
}

function modulesOnDisk(host: HostSource, folder: Reading<string>): Reading<ReadonlySet<string>> {
  if (folder.state !== 'ok') return folder;
  const wanted: ReadonlySet<string> = new Set(VFIO_MODULES);
  const drivers = `${folder.value}/kernel/drivers`;
  // modules.dep is a megabyte; the four places where these modules are cost a few microseconds.
  const names = new Set<string>();
  for (const place of [`${drivers}/vfio`, `${drivers}/vfio/pci`, `${drivers}/iommu/iommufd`]) {
    const listed = host.list(place);
    if (listed.state === 'unreadable') return listed;
    for (const name of listed.state === 'ok' ? parseModulePaths(listed.value.join('\n')) : []) if (wanted.has(name)) names.add(name);
  }
  return ok(names);
}

/** The first word of each line of /proc/modules. */
export function parseLoadedModules(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => /^(\w+) /.exec(line)?.[1] ?? []));
}

/** Names of modules from paths like `kernel/drivers/vfio/pci/vfio-pci.ko.zst`, one a line. */
export function parseModulePaths(text: string): ReadonlySet<string> {
  return new Set(
    text.split('\n').flatMap((line) => {
      const match = /([^/]{1,128})\.ko(?:\.(?:gz|xz|zst|bz2|lz4))?$/.exec(line.trimEnd().slice(-160));
      return match?.[1] === undefined ? [] : [moduleName(match[1])];
    }),
  );
}
