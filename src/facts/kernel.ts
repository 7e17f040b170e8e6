import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { readAttribute, requiredText, valueOrNull } from './read.ts';

/** One word of the kernel command line; `value` is null for a bare word. */
export interface KernelParameter {
  readonly name: string;
  readonly value: string | null;
}

export interface Kernel {
  /** As `uname -r` prints it; null when it was not recorded. */
  readonly release: string | null;
  /** [major, minor]; null when the release is unknown. */
  readonly version: readonly [number, number] | null;
  readonly commandLine: string;
  /** In the order given; the kernel lets most later options win. Dashes in names are underscores here, as the kernel compares them. */
  readonly parameters: readonly KernelParameter[];
}

/** The running kernel and its command line: intent, never proof of a state. */
export const kernel = defineFact({
  id: 'kernel',
  collect(host): Kernel {
    const commandLine = requiredText(host, '/proc/cmdline').trim();
    const release = kernelRelease(host);
    return { release, version: parseVersion(release), commandLine, parameters: parseKernelCommandLine(commandLine) };
  },
});

function kernelRelease(host: HostSource): string | null {
  const release = valueOrNull(readAttribute(host, '/proc/sys/kernel/osrelease'));
  if (release !== null) return release;
  return /^Linux version (\S+)/.exec(valueOrNull(readAttribute(host, '/proc/version')) ?? '')?.[1] ?? null;
}

function parseVersion(release: string | null): readonly [number, number] | null {
  const match = /^(\d+)\.(\d+)/.exec(release ?? '');
  return match ? [Number(match[1]), Number(match[2])] : null;
}

/**
 * Splits a command line as the kernel does: blanks separate, double quotes hold blanks together, `-` and `_` in names are
 * the same, everything after a lone `--` belongs to init. https://docs.kernel.org/admin-guide/kernel-parameters.html
 */
export function parseKernelCommandLine(text: string): KernelParameter[] {
  return kernelWords(text).map((word) => {
    const bare = word.replaceAll('"', '');
    const cut = bare.indexOf('=');
    const name = (cut === -1 ? bare : bare.slice(0, cut)).replaceAll('-', '_');
    return { name, value: cut === -1 ? null : bare.slice(cut + 1) };
  });
}

/** The words of a command line as written, without what belongs to init. */
export function kernelWords(text: string): string[] {
  const words: string[] = text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end);
}

/** The values that a parameter was given, in order; `name` in any spelling. */
export function parameterValues({ parameters }: Pick<Kernel, 'parameters'>, name: string): string[] {
  const wanted = name.replaceAll('-', '_');
  return parameters.filter((parameter) => parameter.name === wanted).map(({ value }) => value ?? '');
}

/** Is the running kernel at least this version? Null when its version is unknown. */
export function kernelAtLeast({ version }: Pick<Kernel, 'version'>, major: number, minor: number): boolean | null {
  if (version === null) return null;
  return version[0] > major || (version[0] === major && version[1] >= minor);
}
