import type { HostSource } from '../host/source.ts';
import { FactError } from './fact-error.ts';
import { type Attempt, defineFact } from './fact.ts';
import { type InitramfsConfig, initramfsConfig } from './initramfs-config.ts';
import { type Kernel, kernel, parameterValues } from './kernel.ts';
import { type ModprobeConfig, modprobeConfig, moduleName } from './modprobe-config.ts';
import { passthrough } from './passthrough.ts';
import { type InitramfsTool, type Platform, platform } from './platform.ts';
import { readAttribute, requiredCommand, valueOrNull } from './read.ts';

/** What is inside the initramfs that the next boot of the running kernel uses. */
export interface InitramfsContent {
  readonly image: string;
  /** When the image was written, milliseconds since 1970. */
  readonly builtAtMs: number;
  /** Names with underscores. */
  readonly modules: ReadonlySet<string>;
  /** Names of the files of modprobe.d, without folder: `vfio.conf`. */
  readonly modprobeFiles: ReadonlySet<string>;
  /** Files of the configuration that name vfio-pci and were written after the image. */
  readonly newerFiles: readonly string[];
  /** The argv that listed it, for people. */
  readonly source: string;
}

const LISTERS: Readonly<Record<InitramfsTool, string>> = {
  'initramfs-tools': 'lsinitramfs',
  dracut: 'lsinitrd',
  mkinitcpio: 'lsinitcpio',
};

/** Listing means decompressing the image: seconds. */
const LISTING_TIMEOUT_MS = 20_000;

/** The content of the initramfs. Not looked at when no GPU is meant: listing is slow, and nobody asks. */
export const initramfsContent = defineFact({
  id: 'initramfsContent',
  needs: { kernel, platform },
  wants: { passthrough, modprobeConfig, initramfsConfig },
  async collect(host, facts): Promise<InitramfsContent> {
    if (facts.passthrough.ok && facts.passthrough.value.gpus.length === 0)
      throw new FactError({ source: 'initramfs', reason: 'not listed, because no GPU is selected' });
    const naming = filesThatName(facts.kernel, facts.modprobeConfig, facts.initramfsConfig);
    if (naming?.length === 0) throw new FactError({ source: 'initramfs', reason: 'not listed, because nothing names vfio-pci' });
    const tool = facts.platform.initramfsTool;
    if (tool === null) throw new FactError({ source: 'initramfs', reason: 'not known which tool builds it here' });
    const { image, builtAtMs } = findImage(host, facts.kernel, facts.platform);
    const argv = [LISTERS[tool], image];
    const source = argv.join(' ');
    const hint = `run as root: ${source}`;
    const result = await requiredCommand(host, argv, { timeoutMs: LISTING_TIMEOUT_MS, cachedBy: [image], hint });
    const listing = parseInitramfsListing(result.stdout);
    if (result.exitCode !== 0 || isCutShort(listing, result.stderr))
      throw new FactError({ source, reason: firstLine(result.stderr) || 'it lists nothing', hint });
    const newerFiles = (naming ?? []).filter((file) => isNewer(host, file, builtAtMs));
    return { image, builtAtMs, source, newerFiles, modules: listing.modules, modprobeFiles: listing.modprobeFiles };
  },
});

/** The files (and the command line) that name vfio-pci; null when that could not be looked at. */
function filesThatName(running: Kernel, modprobe: Attempt<ModprobeConfig>, initramfs: Attempt<InitramfsConfig>): string[] | null {
  if (!modprobe.ok || !initramfs.ok || modprobe.value.unread.length > 0 || initramfs.value.unread.length > 0) return null;
  const { options, softdeps } = modprobe.value;
  const { mkinitcpio, dracut, initramfsTools } = initramfs.value;
  const early = [mkinitcpio?.modules, dracut?.forceDrivers, dracut?.addDrivers, initramfsTools?.modules].flatMap((list) => list ?? []);
  const named = [
    ...options.filter(({ module }) => module === 'vfio_pci'),
    ...softdeps.filter(({ pre }) => pre.includes('vfio_pci')),
    ...early.filter(({ module }) => module === 'vfio_pci'),
  ].map(({ file }) => file);
  const onCommandLine = running.parameters.some(
    ({ name, value }) => name === 'vfio_pci.ids' || moduleName(value ?? '').includes('vfio_pci'),
  );
  return [...new Set([...named, ...(onCommandLine ? ['/proc/cmdline'] : [])])];
}

function isNewer(host: HostSource, file: string, thanMs: number): boolean {
  const stat = file.startsWith('/proc/') ? null : host.stat(file);
  return stat?.state === 'ok' && stat.value.mtimeMs > thanMs;
}

function findImage(host: HostSource, running: Kernel, { initramfsTool, bootLoader }: Platform): { image: string; builtAtMs: number } {
  const candidates = imageCandidates(
    running,
    initramfsTool,
    valueOrNull(readAttribute(host, '/etc/machine-id')),
    packageBase(host, running),
  );
  let hidden: { source: string; reason: string } | null = null;
  for (const image of candidates) {
    const stat = host.stat(image);
    if (stat.state === 'ok' && stat.value.kind === 'file') return { image, builtAtMs: stat.value.mtimeMs };
    if (stat.state === 'unreadable') hidden ??= { source: image, reason: stat.detail };
  }
  if (hidden !== null) throw new FactError({ ...hidden, hint: 'run passcheck as root to see it' });
  const reason = bootLoader === 'uki' ? 'it is inside a unified kernel image' : `no image of the running kernel (${candidates.join(', ')})`;
  throw new FactError({ source: '/boot', reason, hint: 'list the image that the boot loader names by hand' });
}

/** Arch names images by package (`linux-zen`), which is written beside the modules. */
function packageBase(host: HostSource, { release }: Kernel): string | null {
  return release === null ? null : valueOrNull(readAttribute(host, `/usr/lib/modules/${release}/pkgbase`));
}

/**
 * Where the image of the running kernel can be, the likeliest first: what the boot loader put on the command line
 * (`initrd=\initramfs-linux.img`, `BOOT_IMAGE=/vmlinuz-linux`), then the names that the tools use.
 */
export function imageCandidates(
  running: Pick<Kernel, 'release' | 'parameters'>,
  tool: InitramfsTool | null,
  machineId: string | null,
  packageName: string | null,
): string[] {
  const { release } = running;
  const named = parameterValues(running, 'initrd')
    .flatMap((value) => value.split(','))
    .map((value) => value.replaceAll('\\', '/'))
    .filter((value) => !value.includes('ucode') && !value.split('/').includes('..'))
    .flatMap((path) => ['/boot', '/efi', '/boot/efi'].map((root) => `${root}/${path.replace(/^\/+/, '')}`));
  const bases = [
    packageName,
    ...parameterValues(running, 'BOOT_IMAGE').map((value) => /vmlinuz-([\w.+-]{1,64})$/.exec(value)?.[1] ?? null),
  ];
  const byName = bases.flatMap((name) => (name === null || !/^[\w.+-]{1,64}$/.test(name) ? [] : [`/boot/initramfs-${name}.img`]));
  if (release === null || !/^[\w.+~-]{1,100}$/.test(release)) return [...named, ...byName];
  const byRelease: Readonly<Record<InitramfsTool, readonly string[]>> = {
    'initramfs-tools': [`/boot/initrd.img-${release}`],
    dracut: [
      `/boot/initramfs-${release}.img`,
      `/boot/initrd-${release}`,
      ...(machineId === null ? [] : ['/efi', '/boot', '/boot/efi'].map((root) => `${root}/${machineId}/${release}/initrd`)),
      `/usr/lib/modules/${release}/initramfs.img`,
      `/boot/initrd.img-${release}`,
    ],
    mkinitcpio: [],
  };
  return [...new Set([...named, ...(tool === null ? [] : byRelease[tool]), ...byName])];
}

/** What lsinitramfs, lsinitcpio (a path a line) and lsinitrd (like `ls -l`) print, as far as it is about modules. */
export function parseInitramfsListing(text: string): { entries: number; modules: Set<string>; modprobeFiles: Set<string> } {
  const modules = new Set<string>();
  const modprobeFiles = new Set<string>();
  let entries = 0;
  for (const line of text.split('\n')) {
    if (!line.includes('/')) continue;
    entries += 1;
    const module = /\/([\w-]{1,128})\.ko(?:\.(?:gz|xz|zst|bz2|lz4))?(?: -> |\s*$)/.exec(line)?.[1];
    if (module !== undefined) modules.add(moduleName(module));
    const file = /(?:^|[\s/])(?:etc|lib|run)\/modprobe\.d\/([^\s/]{1,128}\.conf)(?: -> |\s*$)/.exec(line)?.[1];
    if (file !== undefined) modprobeFiles.add(file);
  }
  return { entries, modules, modprobeFiles };
}

/** lsinitrd ends well after the microcode when it lacks a tool for the rest, and only complains. */
function isCutShort({ entries, modules }: { entries: number; modules: ReadonlySet<string> }, complaint: string): boolean {
  return entries === 0 || (modules.size === 0 && complaint.trim() !== '');
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
