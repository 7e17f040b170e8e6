import type { HostSource } from '../host/source.ts';
import { readConfigurations, type Unread } from './drop-in-files.ts';
import { defineFact } from './fact.ts';
import { PCI_ADDRESS } from './pci-devices.ts';

/** A driver that is forced on one device at every boot, by its address. */
export interface DriverOverride {
  readonly address: string;
  readonly driver: string;
  /** The file that says so. */
  readonly source: string;
}

/** A script or unit of the administrator that binds devices to vfio-pci while the machine boots. */
export interface BindingScript {
  readonly source: string;
  /** The addresses that it names, full form. */
  readonly addresses: readonly string[];
  /** It looks at `boot_vga`: it picks every GPU that is not the boot display. */
  readonly picksByBootVga: boolean;
}

export interface DriverOverrides {
  readonly overrides: readonly DriverOverride[];
  readonly scripts: readonly BindingScript[];
  /** Are both the udev rule and the unit of driverctl where udev and systemd look? Without them its overrides are only files. */
  readonly isDriverctlInstalled: boolean;
  readonly unread: readonly Unread[];
}

const DRIVERCTL = '/etc/driverctl.d';
const UNIT_FOLDERS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];
const RULE_FOLDERS = ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'];
/** Where administrators put scripts that run before the display drivers. */
const SCRIPT_FOLDERS = [
  '/etc/initramfs-tools/scripts/init-top',
  '/etc/initramfs-tools/scripts/init-premount',
  '/etc/initcpio/hooks',
  '/etc/systemd/system',
];
const MOST_FILES = 200;
const SCRIPT_LIMIT = 64 * 1024;

/** What binds single devices at every boot: driverctl, udev rules, scripts. */
export const driverOverrides = defineFact({
  id: 'driverOverrides',
  collect(host): DriverOverrides {
    const unread: Unread[] = [];
    const driverctl = readFolder(host, DRIVERCTL, () => true, unread).flatMap(({ path, text }) => {
      const address = path.slice(DRIVERCTL.length + '/pci-'.length);
      return path.startsWith(`${DRIVERCTL}/pci-`) && PCI_ADDRESS.test(address) ? [{ address, driver: text.trim(), source: path }] : [];
    });
    const rules = readFolder(host, '/etc/udev/rules.d', (name) => name.endsWith('.rules'), unread);
    const scripts = SCRIPT_FOLDERS.flatMap((folder) => readFolder(host, folder, (name) => !name.endsWith('.wants'), unread));
    const started = readConfigurations(host, scripts.flatMap(({ text }) => startedFiles(text)).slice(0, MOST_FILES)).files;
    return {
      overrides: [...driverctl, ...rules.flatMap(({ path, text }) => parseUdevOverrides(text, path))],
      scripts: [...scripts, ...started].flatMap(({ path, text }) => parseBindingScript(text, path) ?? []),
      isDriverctlInstalled: hasFile(host, UNIT_FOLDERS, 'driverctl@.service') && hasFile(host, RULE_FOLDERS, '05-driverctl.rules'),
      unread,
    };
  },
});

function readFolder(
  host: HostSource,
  folder: string,
  isWanted: (name: string) => boolean,
  unread: Unread[],
): { path: string; text: string }[] {
  const names = host.list(folder);
  if (names.state === 'unreadable') unread.push({ source: folder, reason: names.detail });
  if (names.state !== 'ok') return [];
  const paths = names.value.filter(isWanted).map((name) => `${folder}/${name}`);
  // Of /etc/systemd/system only regular files are units of the administrator; links lead to the distribution's own.
  const own = paths.filter((path) => host.link(path).state !== 'ok' && isFile(host, path));
  const read = readConfigurations(host, own.slice(0, MOST_FILES));
  unread.push(...read.unread);
  return read.files.filter(({ text }) => text.length <= SCRIPT_LIMIT);
}

function isFile(host: HostSource, path: string): boolean {
  const stat = host.stat(path);
  return stat.state === 'ok' && stat.value.kind === 'file';
}

function hasFile(host: HostSource, folders: readonly string[], name: string): boolean {
  return folders.some((folder) => host.stat(`${folder}/${name}`).state === 'ok');
}

/** Rules like `ACTION=="add", KERNEL=="0000:01:00.0", SUBSYSTEM=="pci", ATTR{driver_override}="vfio-pci"`. */
export function parseUdevOverrides(text: string, source: string): DriverOverride[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => {
      const driver = /ATTR\{driver_override\}\s{0,8}:?=(?!=)\s{0,8}"([^"]{1,64})"/.exec(line)?.[1];
      const address = /KERNELS?\s{0,8}==\s{0,8}"([^"]{1,64})"/.exec(line)?.[1]?.toLowerCase();
      return driver === undefined || address === undefined || !PCI_ADDRESS.test(address) ? [] : [{ address, driver, source }];
    });
}

/** Null when the text binds nothing to vfio-pci. */
export function parseBindingScript(text: string, source: string): BindingScript | null {
  const code = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
  const binds = code.includes('vfio') && /driver_override|\/new_id|drivers_probe|vfio-pci\/bind/.test(code);
  if (!binds && !/nodedev-detach|driverctl/.test(code)) return null;
  const found = code.toLowerCase().match(/(?:[0-9a-f]{4}[:_])?[0-9a-f]{2}[:_][01][0-9a-f][._][0-7]\b/g) ?? [];
  const addresses = [...new Set(found.map(fullAddress))].toSorted();
  return { source, addresses, picksByBootVga: code.includes('boot_vga') };
}

/** `01:00.0` and libvirt's `pci_0000_01_00_0` name 0000:01:00.0. */
function fullAddress(text: string): string {
  const parts = text.split(/[:_.]/);
  const [domain, bus, device, number] = parts.length === 4 ? parts : ['0000', ...parts];
  return `${domain}:${bus}:${device}.${number}`;
}

/** The files that a unit runs. */
function startedFiles(text: string): string[] {
  return [...text.matchAll(/^ExecStart(?:Pre)?=[-@:+!]{0,3}(?:\/(?:usr\/)?bin\/(?:env )?(?:ba)?sh )?(\/[\w./-]{1,200})/gm)].flatMap(
    (match) => (match[1] === undefined || /^\/(?:usr\/)?s?bin\/[a-z]+$/.test(match[1]) ? [] : [match[1]]),
  );
}
