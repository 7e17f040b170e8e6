import { notKnown, notKnownBecause, type Prospect, type ProspectInput, type Seen, willBind, willNotBind } from './binding-prospect.ts';
import { isVfioDriver } from './gpu-devices.ts';
import type { HostDriver } from './host-drivers.ts';
import { earlyModules, type NamedModule } from './initramfs-config.ts';
import type { InitramfsContent } from './initramfs-content.ts';
import { type Kernel, parameterValues } from './kernel.ts';
import { type ModprobeConfig, type ModprobeSoftdep, moduleName } from './modprobe-config.ts';
import { moduleState } from './modules.ts';
import { isDisplay, type PciDevice } from './pci-devices.ts';
import type { VfioPciId } from './vfio-pci-ids.ts';

/** Does vfio-pci, which has the id of this device, come before the other drivers of the device? */
export function prospectOfLoading(device: PciDevice, id: VfioPciId, config: ModprobeConfig, input: ProspectInput): Prospect {
  const named: Seen = { source: id.source, observed: `vfio-pci ids=… ${id.text}` };
  if (!input.hostDrivers.ok) return notKnownBecause(input.hostDrivers.error);
  const rivals = input.hostDrivers.value.find(({ address }) => address === device.address)?.drivers;
  if (rivals?.state !== 'ok') {
    const isReplaced = rivals?.state === 'absent' && input.modules.installed.length > 0;
    const hint = isReplaced ? 'reboot: the modules of the running kernel are gone' : 'run passcheck as root, on the host itself';
    return notKnown('/lib/modules', "the kernel's table of drivers could not be read", hint);
  }
  const builtIn = rivals.value.find(({ isBuiltIn }) => isBuiltIn);
  const isBuiltIn = moduleState(input.modules, 'vfio_pci') === 'built-in';
  // Built-in drivers start in link order: drivers/gpu before drivers/vfio, and that before drivers/usb and sound.
  if (builtIn !== undefined && (!isBuiltIn || isDisplay(device))) {
    const seen = { source: 'modules.builtin', observed: builtIn.module };
    return willNotBind(
      'built-in-rival',
      `${builtIn.module} is built into the kernel and takes it before any module is loaded`,
      named,
      seen,
    );
  }
  if (isBuiltIn) return willBind(named, { source: 'modules.builtin', observed: 'vfio_pci' });
  const open = rivals.value.filter(({ module }) => !isKeptOut(config, input.kernel, module));
  const early = earlyLoad(input, open);
  if (early === null) {
    const isNixos = input.platform.ok && input.platform.value.distribution === 'nixos';
    const hint = isNixos ? 'look for vfio_pci in boot.initrd.kernelModules of the NixOS configuration' : 'look into the initramfs by hand';
    return notKnown('initramfs', 'not known which tool builds the initramfs here', hint);
  }
  if (early === 'hidden') return notKnown('initramfs configuration', 'a part of it could not be read');
  if (early !== 'nothing') return inInitramfs({ device, id, input, named, loader: early, files: [] });
  return bySoftDependency({ device, id, config, input, named, open });
}

/** What loads vfio-pci before udev starts. `rd.driver.pre=` is dracut's. Null: it is not known which tool is in charge. */
function earlyLoad(input: ProspectInput, rivals: readonly HostDriver[]): Seen | 'nothing' | 'hidden' | null {
  const tool = input.platform.ok ? input.platform.value.initramfsTool : null;
  const list = input.initramfsConfig.ok ? earlyModules(input.initramfsConfig.value, tool) : null;
  const words = parameterValues(input.kernel, 'rd.driver.pre').flatMap((value) => value.split(','));
  if (tool === 'dracut' && words.some((word) => moduleName(word) === 'vfio_pci'))
    return { source: '/proc/cmdline', observed: 'rd.driver.pre=vfio-pci' };
  if (list === null) return null;
  const entry = firstOf(list, rivals);
  if (entry !== null) return { source: `${entry.file}:${entry.line}`, observed: entry.module };
  return input.initramfsConfig.ok && input.initramfsConfig.value.unread.length > 0 ? 'hidden' : 'nothing';
}

/** What is loaded from the initramfs, in its order; nothing where that is not known. */
function listedEarly({ initramfsConfig, platform }: ProspectInput): readonly NamedModule[] {
  const tool = platform.ok ? platform.value.initramfsTool : null;
  return (initramfsConfig.ok ? earlyModules(initramfsConfig.value, tool) : null) ?? [];
}

/** The entry for vfio-pci, unless a driver of the device stands before it. */
function firstOf(list: readonly NamedModule[], rivals: readonly HostDriver[]): NamedModule | null {
  const first = list.find(({ module }) => module === 'vfio_pci' || rivals.some((rival) => rival.module === module));
  return first?.module === 'vfio_pci' ? first : null;
}

/** Blacklisted, or replaced by a command that does nothing: udev does not load it for the device. */
function isKeptOut(config: ModprobeConfig, kernel: Kernel, module: string): boolean {
  const words = [...parameterValues(kernel, 'modprobe.blacklist'), ...parameterValues(kernel, 'module_blacklist')];
  const onCommandLine = words.flatMap((value) => value.split(',')).some((word) => moduleName(word) === module);
  const isReplaced = config.installs.some(
    (one) => one.module === module && /^(?:\/(?:usr\/)?s?bin\/)?(?:true|false|:)(?:\s|$)/.test(one.command),
  );
  return onCommandLine || isReplaced || config.blacklist.some((one) => one.module === module);
}

interface Case {
  readonly device: PciDevice;
  readonly id: VfioPciId;
  readonly input: ProspectInput;
  readonly named: Seen;
}

/** vfio-pci is loaded from the initramfs: module and ids must be in the image. */
function inInitramfs({ device, id, input, named, loader, files }: Case & { loader: Seen; files: readonly string[] }): Prospect {
  if (!input.initramfsContent.ok) return notKnownBecause(input.initramfsContent.error);
  const content = input.initramfsContent.value;
  const missing = missingFrom(content, [fileOf(id.source), ...files]);
  if (missing !== null)
    return willNotBind('not-in-initramfs', `${missing} is configured, but not in ${content.image}`, named, loader, inImage(content));
  const [newer] = content.newerFiles;
  const isBound = device.driver.state === 'ok' && isVfioDriver(device.driver.value);
  // Bound at this boot with the same files: then a newer time stamp is no news.
  if (newer !== undefined && !isBound)
    return willNotBind('not-in-initramfs', `${newer} was written after ${content.image}`, named, loader, {
      source: newer,
      observed: 'newer',
    });
  return willBind(named, loader, inImage(content));
}

function inImage({ source, modules }: InitramfsContent): Seen {
  return { source, observed: modules.has('vfio_pci') ? 'vfio_pci is inside' : 'vfio_pci is not inside' };
}

/** The module or the first file of modprobe.d that is not in the image. */
function missingFrom({ modules, modprobeFiles }: InitramfsContent, files: readonly (string | null)[]): string | null {
  if (!modules.has('vfio_pci')) return 'vfio_pci';
  return files.find((file) => file !== null && !modprobeFiles.has(file.slice(file.lastIndexOf('/') + 1))) ?? null;
}

/** `/etc/modprobe.d/vfio.conf:3` → the file; null for the command line and for lists of the initramfs itself. */
function fileOf(source: string): string | null {
  return source.includes('/modprobe.d/') ? source.slice(0, source.lastIndexOf(':')) : null;
}

/** Nothing loads vfio-pci early: each driver of the device must wait for it, wherever that driver is loaded. */
function bySoftDependency({
  device,
  id,
  config,
  input,
  named,
  open,
}: Case & { config: ModprobeConfig; open: readonly HostDriver[] }): Prospect {
  const waits = open.map((rival) => ({ rival, softdep: softdepOf(config, rival) }));
  const free = waits.find(({ softdep }) => softdep === null);
  if (free !== undefined) {
    const [hidden] = config.unread;
    if (hidden !== undefined) return notKnown(hidden.source, hidden.reason);
    const { module } = free.rival;
    const first = listedEarly(input).find((entry) => entry.module === 'vfio_pci' || entry.module === module);
    if (first?.module === module)
      return willNotBind('loaded-late', `${module} is loaded from the initramfs before vfio-pci`, named, seenAt(first));
    return willNotBind('loaded-late', `${module} can be loaded before vfio-pci`, named, {
      source: '/etc/modprobe.d',
      observed: `no softdep ${module} pre: vfio-pci`,
    });
  }
  const softdeps = waits.flatMap(({ softdep }) => softdep ?? []);
  const [first] = softdeps;
  const loader = first ?? loaderAtBoot(config, input);
  if (loader === null) return willNotBind('not-loaded', 'nothing loads vfio-pci', named);
  if (open.length > 0) {
    if (!input.initramfsContent.ok) return notKnownBecause(input.initramfsContent.error);
    const content = input.initramfsContent.value;
    if (open.some(({ module }) => content.modules.has(module)))
      return inInitramfs({ device, id, input, named, loader: seenAt(loader), files: softdeps.map(({ file }) => file) });
  }
  return willBind(named, seenAt(loader));
}

type Loader = Pick<NamedModule, 'file' | 'line' | 'module'>;

function softdepOf(config: ModprobeConfig, { module, dependencies }: HostDriver): ModprobeSoftdep | null {
  return (
    config.softdeps.find(({ module: name, pre }) => pre.includes('vfio_pci') && (name === module || dependencies.includes(name))) ?? null
  );
}

/** No driver competes: it is enough that something loads vfio-pci at all. */
function loaderAtBoot(config: ModprobeConfig, { initramfsConfig }: ProspectInput): Loader | null {
  const atBoot = initramfsConfig.ok ? initramfsConfig.value.loadedAtBoot.find(({ module }) => module === 'vfio_pci') : undefined;
  return atBoot ?? config.softdeps.find(({ pre }) => pre.includes('vfio_pci')) ?? null;
}

function seenAt({ file, line, ...loader }: Loader | ModprobeSoftdep): Seen {
  return { source: `${file}:${line}`, observed: 'pre' in loader ? `softdep ${loader.module} pre: vfio-pci` : loader.module };
}
