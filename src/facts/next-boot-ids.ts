import type { Attempt } from './fact.ts';
import type { InitramfsConfig } from './initramfs-config.ts';
import type { Kernel } from './kernel.ts';
import type { ModprobeConfig } from './modprobe-config.ts';
import { type Modules, moduleState } from './modules.ts';
import { parseVfioPciIds, type VfioPciId, vfioPciIds } from './vfio-pci-ids.ts';

/** What decides the ids. */
export interface IdInput {
  readonly kernel: Kernel;
  readonly modules: Modules;
  readonly initramfsConfig: Attempt<InitramfsConfig>;
}

/**
 * The ids that vfio-pci has after the next boot. initramfs-tools gives modprobe the parameters of its own list, behind those
 * of modprobe.d and the command line.
 */
export function idsAtNextBoot(
  config: Pick<ModprobeConfig, 'options'>,
  { kernel, modules, initramfsConfig }: IdInput,
): readonly VfioPciId[] {
  const isBuiltIn = moduleState(modules, 'vfio_pci') === 'built-in';
  const early = initramfsConfig.ok ? (initramfsConfig.value.initramfsTools?.modules ?? []) : [];
  const last = early.findLast(({ module, parameters }) => module === 'vfio_pci' && parameters.startsWith('ids='));
  return last === undefined || isBuiltIn
    ? vfioPciIds(config, kernel, { isBuiltIn })
    : parseVfioPciIds(last.parameters.slice('ids='.length), `${last.file}:${last.line}`);
}
