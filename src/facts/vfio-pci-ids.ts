import { type Kernel, parseKernelCommandLine } from './kernel.ts';
import { type ModprobeConfig, moduleName } from './modprobe-config.ts';
import type { PciDevice } from './pci-devices.ts';

// What modprobe.d and the kernel command line together tell modules.

/** A value that a parameter of a module is given. */
export interface ModuleParameter {
  /** Empty for a bare word. */
  readonly value: string;
  /** `/etc/modprobe.d/vfio.conf:3` or `/proc/cmdline`. */
  readonly source: string;
}

/** What one entry of `vfio-pci.ids=` asks for. */
export interface VfioPciId {
  /** Lower case, at least four digits. */
  readonly vendor: string;
  readonly device: string;
  /** Null matches any. */
  readonly subvendor: string | null;
  readonly subdevice: string | null;
  readonly classCode: number;
  readonly classMask: number;
  /** As written. */
  readonly text: string;
  /** `/etc/modprobe.d/vfio.conf:3` or `/proc/cmdline`. */
  readonly source: string;
}

type Configuration = Pick<ModprobeConfig, 'options'>;
type CommandLine = Pick<Kernel, 'parameters'>;

/**
 * The values that a module's parameter is given, in the order in which they are applied: modprobe.d by file name, then the
 * command line. A parameter that holds one value keeps the last. A built-in module reads the command line only.
 */
export function moduleParameterValues(
  config: Configuration,
  kernel: CommandLine,
  module: string,
  parameter: string,
  { isBuiltIn = false }: { readonly isBuiltIn?: boolean } = {},
): readonly ModuleParameter[] {
  const wanted = moduleName(module);
  const name = moduleName(parameter);
  const fromFiles = config.options
    .filter((options) => options.module === wanted)
    .flatMap(({ parameters, file, line }) =>
      parseKernelCommandLine(parameters)
        .filter((word) => word.name === name)
        .map(({ value }) => ({ value: value ?? '', source: `${file}:${line}` })),
    );
  const fromCommandLine = kernel.parameters
    .filter((word) => word.name === `${wanted}.${name}`)
    .map(({ value }) => ({ value: value ?? '', source: '/proc/cmdline' }));
  return isBuiltIn ? fromCommandLine : [...fromFiles, ...fromCommandLine];
}

/** Every `ids=` for vfio-pci in the order applied. Only the last is in force: each replaces the one before. */
export function vfioPciIdLists(
  config: Configuration,
  kernel: CommandLine,
  options?: { readonly isBuiltIn?: boolean },
): readonly ModuleParameter[] {
  return moduleParameterValues(config, kernel, 'vfio_pci', 'ids', options);
}

/** The ids that vfio-pci takes when it is loaded: the last `ids=` of modprobe.d and the command line. */
export function vfioPciIds(config: Configuration, kernel: CommandLine, options?: { readonly isBuiltIn?: boolean }): readonly VfioPciId[] {
  const last = vfioPciIdLists(config, kernel, options).at(-1);
  return last === undefined ? [] : parseVfioPciIds(last.value, last.source);
}

/**
 * `vendor:device[:subvendor[:subdevice[:class[:class_mask]]]]`, comma separated, read as the driver's sscanf does; what it
 * would refuse is left out. https://elixir.bootlin.com/linux/latest/source/drivers/vfio/pci/vfio_pci.c
 */
export function parseVfioPciIds(text: string, source: string): readonly VfioPciId[] {
  return text.split(',').flatMap((entry) => {
    const fields = hexFields(entry);
    const [vendor, device, subvendor, subdevice, classCode = 0, classMask = 0] = fields;
    if (vendor === undefined || device === undefined) return [];
    return [
      {
        vendor: hexId(vendor),
        device: hexId(device),
        subvendor: hexIdOrAny(subvendor),
        subdevice: hexIdOrAny(subdevice),
        classCode,
        classMask,
        text: entry,
        source,
      },
    ];
  });
}

/** Entries of `ids=` that the driver refuses ("invalid id string" in its log). */
export function refusedVfioPciIds(text: string): readonly string[] {
  return text.split(',').filter((entry) => entry !== '' && hexFields(entry).length < 2);
}

/** Would vfio-pci take this device because of this id? */
export function matchesVfioPciId(id: VfioPciId, device: Pick<PciDevice, 'vendor' | 'device' | 'subsystem' | 'classCode'>): boolean {
  const [subvendor, subdevice] = (device.subsystem ?? '0000:0000').split(':');
  return (
    (id.vendor === ANY || id.vendor === device.vendor) &&
    (id.device === ANY || id.device === device.device) &&
    (id.subvendor === null || id.subvendor === subvendor) &&
    (id.subdevice === null || id.subdevice === subdevice) &&
    ((id.classCode ^ Number.parseInt(device.classCode, 16)) & id.classMask) === 0
  );
}

/** PCI_ANY_ID of include/linux/pci_ids.h. */
const ANY = 'ffffffff';

function hexFields(entry: string): number[] {
  const fields: number[] = [];
  let rest = entry;
  while (fields.length < 6) {
    const match = /^\s*(?:0x)?([0-9a-f]{1,8})(:?)/i.exec(rest);
    if (match?.[1] === undefined) break;
    fields.push(Number.parseInt(match[1], 16));
    if (match[2] === '') break;
    rest = rest.slice(match[0].length);
  }
  return fields;
}

function hexId(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function hexIdOrAny(value: number | undefined): string | null {
  return value === undefined || hexId(value) === ANY ? null : hexId(value);
}
