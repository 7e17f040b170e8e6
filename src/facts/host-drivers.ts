import { mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { initramfsConfig } from './initramfs-config.ts';
import { kernel } from './kernel.ts';
import { modprobeConfig, moduleName } from './modprobe-config.ts';
import { modules } from './modules.ts';
import { idsAtNextBoot } from './next-boot-ids.ts';
import { passthrough } from './passthrough.ts';
import { pciDevices } from './pci-devices.ts';
import { matchesVfioPciId } from './vfio-pci-ids.ts';

/** A module of the running kernel that drives a device when nobody stops it. */
export interface HostDriver {
  readonly module: string;
  /** Modules that are loaded before it, because it needs them. */
  readonly dependencies: readonly string[];
  readonly isBuiltIn: boolean;
}

/** The drivers that compete for one device. */
export interface DeviceDrivers {
  readonly address: string;
  /** Unreadable: the kernel's table of drivers could not be looked at. */
  readonly drivers: Reading<readonly HostDriver[]>;
}

/** The tables of a distribution's kernel have one to two megabytes. */
const TABLE_LIMIT = 32 * 1024 * 1024;

/** For every device that is passed and that an id gives to vfio-pci: the modules that the kernel would load for it as well. */
export const hostDrivers = defineFact({
  id: 'hostDrivers',
  needs: { kernel, modules, modprobeConfig, passthrough, pciDevices },
  wants: { initramfsConfig },
  collect(host, facts): readonly DeviceDrivers[] {
    const { folder } = facts.modules;
    const ids = idsAtNextBoot(facts.modprobeConfig, facts);
    const wanted = facts.pciDevices.filter(
      (device) => facts.passthrough.devices.includes(device.address) && ids.some((id) => matchesVfioPciId(id, device)),
    );
    if (wanted.length === 0) return [];
    // Dependencies matter only where a soft dependency can hang on one of them (`softdep drm pre: vfio-pci`).
    const needsDependencies = facts.modprobeConfig.softdeps.some(({ pre }) => pre.includes('vfio_pci'));
    const tables = folder.state === 'ok' ? readTables(host, folder.value, needsDependencies) : folder;
    return wanted.map(({ address, modalias }) => ({
      address,
      drivers: modalias === null ? unreadable('failed', 'it has no modalias') : mapReading(tables, (all) => driversOf(all, modalias)),
    }));
  },
});

function driversOf({ aliases, builtIn, dependencies }: Tables, modalias: string): HostDriver[] {
  return [
    ...modulesForAlias(builtIn, modalias).map((module) => ({ module, dependencies: [], isBuiltIn: true })),
    ...modulesForAlias(aliases, modalias).map((module) => ({
      module,
      dependencies: dependenciesOf(dependencies, module),
      isBuiltIn: false,
    })),
  ];
}

interface Tables {
  readonly aliases: string;
  readonly builtIn: string;
  readonly dependencies: string;
}

function readTables(host: HostSource, folder: string, needsDependencies: boolean): Reading<Tables> {
  const aliases = readLatin(host, `${folder}/modules.alias`);
  if (aliases.state !== 'ok') return aliases;
  const dependencies = needsDependencies ? readLatin(host, `${folder}/modules.dep`) : ok('');
  if (dependencies.state !== 'ok') return dependencies;
  const info = readLatin(host, `${folder}/modules.builtin.modinfo`);
  if (info.state === 'unreadable') return info;
  return ok({ aliases: aliases.value, dependencies: dependencies.value, builtIn: info.state === 'ok' ? builtInAliases(info.value) : '' });
}

/** The tables are ASCII; decoding them as Latin-1 costs a fraction of UTF-8. */
function readLatin(host: HostSource, path: string): Reading<string> {
  return mapReading(host.read(path, TABLE_LIMIT), (bytes) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
  );
}

/** `modules.builtin.modinfo` has records `xhci_pci.alias=pci:v…` that end with NUL; the result has the lines of `modules.alias`. */
export function builtInAliases(modinfo: string): string {
  return [...modinfo.matchAll(/(?:^|\0)([\w-]{1,64})\.alias=(pci:[^\0\n]{1,128})/g)]
    .map(([, module, pattern]) => `alias ${pattern} ${module}\n`)
    .join('');
}

/** The modules whose alias matches a PCI device's modalias, in the order of the table, each once. */
export function modulesForAlias(table: string, modalias: string): string[] {
  const parts = /^pci:(v[0-9A-F]{8})(d[0-9A-F]{8})sv[0-9A-F]{8}sd[0-9A-F]{8}bc[0-9A-F]{2}sc[0-9A-F]{2}i[0-9A-F]{2}$/.exec(modalias);
  const [, vendor, device] = parts ?? [];
  if (vendor === undefined || device === undefined) return [];
  const found = new Map<number, string>();
  // A vendor has thousands of lines: those of other devices are never looked at.
  for (const start of [`${vendor}${device}`, `${vendor}d*`, `v*${device}`, 'v*d*'].map((text) => `alias pci:${text}`)) {
    for (let at = table.indexOf(start); at !== -1; at = table.indexOf(start, at + start.length)) {
      const end = table.indexOf('\n', at);
      const [, pattern = '', module = ''] = table.slice(at, end === -1 ? undefined : Math.min(end, at + 512)).split(' ');
      if (/^[\w-]{1,64}$/.test(module) && matchesAlias(pattern, modalias)) found.set(at, moduleName(module));
    }
  }
  const inOrder = [...found].toSorted(([a], [b]) => a - b).map(([, module]) => module);
  return [...new Set(inOrder)];
}

/** Aliases have `*` for any text and, rarely, `?` and sets: those are left out. */
function matchesAlias(pattern: string, modalias: string): boolean {
  const pieces = pattern.split('*');
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const found = index === 0 ? 0 : modalias.indexOf(piece, at);
    if (found === -1 || !modalias.startsWith(piece, found)) return false;
    at = found + piece.length;
  }
  return at === modalias.length || pieces.at(-1) === '';
}

/** `kernel/…/nouveau.ko.xz: kernel/…/drm.ko.xz …`, as a list of names. */
export function dependenciesOf(table: string, module: string): string[] {
  for (const name of [module, module.replaceAll('_', '-')]) {
    const at = table.indexOf(`/${name}.ko`);
    // The first mention can be as a dependency of another module: the own line begins with the path.
    const own = at === -1 ? null : new RegExp(`^[^:\\n]{0,256}/${name}\\.ko[.\\w]{0,5}:([^\\n]{0,16384})`, 'm').exec(table);
    if (own?.[1] !== undefined) {
      return own[1].split(' ').flatMap((path) => {
        const dependency = /([\w-]+)\.ko(?:\.\w+)?$/.exec(path)?.[1];
        return dependency === undefined ? [] : [moduleName(dependency)];
      });
    }
  }
  return [];
}
