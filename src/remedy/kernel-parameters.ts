import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';
import { BOOT_TABLE, type BootRow, DRACUT_UKI } from './boot-table.ts';

/** Words to add (`intel_iommu=on`) to and to remove (`intremap=off`) from the kernel command line. */
export interface ParameterChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Steps that change the kernel command line for good. */
export function kernelParameterSteps(platform: Platform, { add = [], remove = [] }: ParameterChange): RemedyStep[] {
  if (platform.id === 'pop') return [kernelstub(add, remove)];
  if (platform.distribution === 'fedora-atomic') return [rpmOstree(add, remove)];
  if (platform.distribution === 'fedora' && platform.bootLoader === 'grub') return [grubby(add, remove)];
  const row = bootRow(platform);
  return row === null ? [anyLoader(add, remove)] : rowSteps(row, platform, add, remove);
}

/** The row for this host. NixOS needs no boot loader to be known; null when it cannot be told. */
function bootRow({ distribution, bootLoader, initramfsTool }: Platform): BootRow | null {
  if (distribution === null) return null;
  if (bootLoader === 'uki' && initramfsTool === 'dracut' && distribution !== 'nixos') return DRACUT_UKI;
  const row = BOOT_TABLE[distribution][bootLoader ?? (distribution === 'nixos' ? 'systemd-boot' : 'grub')];
  return (bootLoader === null && distribution !== 'nixos') || 'none' in row ? null : row;
}

/** Words, never the whole line: two findings can change the same line, and the second must not undo the first. */
function rowSteps(row: BootRow, platform: Platform, add: readonly string[], remove: readonly string[]): RemedyStep[] {
  const file = row.file.replace('$ESP', platform.esp ?? '/boot');
  const words = platform.distribution === 'nixos' ? add.map((word) => `"${word}"`) : add;
  const edits: RemedyStep[] = [];
  if (remove.length > 0) edits.push({ file, text: `remove ${remove.join(' ')} from ${row.place}` });
  if (add.length > 0) edits.push({ file, text: `add ${words.join(' ')} to ${row.place}` });
  const applied: RemedyStep[] = row.apply.map((run) => ({ run }));
  return withReboot([...edits, ...applied]);
}

function withReboot(steps: readonly RemedyStep[]): RemedyStep[] {
  return steps.map((step, index) => (index === steps.length - 1 ? { ...step, reboot: true } : step));
}

/** https://docs.fedoraproject.org/en-US/quick-docs/grub2-bootloader/ */
function grubby(add: readonly string[], remove: readonly string[]): RemedyStep {
  const words = [...option('--remove-args', remove), ...option('--args', add)];
  return { run: `grubby --update-kernel=ALL ${words.join(' ')}`, reboot: true };
}

/** https://coreos.github.io/rpm-ostree/ */
function rpmOstree(add: readonly string[], remove: readonly string[]): RemedyStep {
  const words = [...remove.map((word) => `--delete-if-present=${word}`), ...add.map((word) => `--append-if-missing=${word}`)];
  return { run: `rpm-ostree kargs ${words.join(' ')}`, reboot: true };
}

/** https://support.system76.com/articles/kernelstub/ */
function kernelstub(add: readonly string[], remove: readonly string[]): RemedyStep {
  return { run: `kernelstub ${[...option('--delete-options', remove), ...option('--add-options', add)].join(' ')}`, reboot: true };
}

function option(name: string, words: readonly string[]): string[] {
  return words.length === 0 ? [] : [`${name}="${words.join(' ')}"`];
}

function anyLoader(add: readonly string[], remove: readonly string[]): RemedyStep {
  const changes = [remove.length > 0 ? `remove ${remove.join(' ')}` : '', add.length > 0 ? `add ${add.join(' ')}` : ''].filter(
    (part) => part !== '',
  );
  return {
    text: `change the kernel command line (GRUB: /etc/default/grub; systemd-boot: loader/entries/*.conf; others: /etc/kernel/cmdline): ${changes.join(', ')}`,
    reboot: true,
  };
}
