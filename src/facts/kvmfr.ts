import type { Reading } from '../host/reading.ts';
import type { FileStat } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { kernel, parameterValues } from './kernel.ts';
import { modprobeConfig } from './modprobe-config.ts';

/** The kernel module that gives Looking Glass a device to share memory through. */
export interface Kvmfr {
  /** Absent: the module is not loaded. */
  readonly module: Reading<FileStat>;
  /** Sizes of /dev/kvmfr0, /dev/kvmfr1 …, MiB, and where they are set; the module itself does not show them. Null: nowhere. */
  readonly sizes: { readonly mib: readonly number[]; readonly source: string } | null;
  /** Files that could not be read and could set it. */
  readonly unread: readonly string[];
}

/** The module, and the `static_size_mb` that its next load will use (mode 0000, so not in /sys). module/kvmfr.c */
export const kvmfr = defineFact({
  id: 'kvmfr',
  needs: { modprobeConfig },
  wants: { kernel },
  collect(host, facts): Kvmfr {
    const configured = facts.modprobeConfig.options
      .filter(({ module }) => module === 'kvmfr')
      .flatMap(({ parameters, file }) => parameters.split(' ').map((word) => ({ word, source: file })))
      .flatMap(({ word, source }) => (word.startsWith('static_size_mb=') ? [{ text: word.slice('static_size_mb='.length), source }] : []));
    const booted = facts.kernel.ok
      ? parameterValues(facts.kernel.value, 'kvmfr.static_size_mb').map((text) => ({ text, source: '/proc/cmdline' }))
      : [];
    // modprobe appends the words of the kernel command line, and the last one counts.
    const last = [...configured, ...booted].at(-1);
    const mib = last === undefined ? null : parseSizes(last.text);
    return {
      module: host.stat('/sys/module/kvmfr'),
      sizes: last === undefined || mib === null ? null : { mib, source: last.source },
      unread: facts.modprobeConfig.unread.map(({ source }) => source),
    };
  },
});

/** `64` or `64,32`: one number for each device; null when it is no such list. */
export function parseSizes(text: string): number[] | null {
  return /^\d{1,6}(,\d{1,6}){0,9}$/.test(text) ? text.split(',').map(Number) : null;
}
