import type { Reading } from '../host/reading.ts';
import { ABSENT, ok, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { judgedDomains } from './judged-domains.ts';
import { findProgram } from './program-path.ts';

/** `[7, 2, 22]` */
export type QemuVersion = readonly [number, number, number];

/** An emulator for x86_64 guests. */
export interface Emulator {
  readonly path: string;
  /** Names of the judged domains that are defined with this path; empty for the one of the distribution. */
  readonly domains: readonly string[];
  /** Absent: there is no such file. Unreadable also when passcheck does not run what stands outside the system's folders. */
  readonly version: Reading<QemuVersion>;
}

/** The emulators of this host. */
export interface Qemu {
  /** The one that a new domain gets; absent: none is installed. */
  readonly system: Reading<Emulator>;
  /** Others that judged domains are defined with. */
  readonly others: readonly Emulator[];
}

/** `kvm` is Debian's wrapper, `qemu-kvm` that of RHEL and of older systems. */
const NAMES = ['qemu-system-x86_64', 'qemu-kvm', 'kvm', 'qemu-system-x86_64-headless'];
/** What an emulator for x86 is called. */
export const EMULATOR_NAMES = /^(?:qemu-system-(?:x86_64|i386)(?:-headless)?|qemu-kvm|kvm|kvm-spice)$/;
/** A program that the distribution brings, as far as the path tells. */
export const EMULATORS_FOLDER =
  /^\/(usr\/bin|usr\/sbin|bin|usr\/libexec|usr\/local\/bin|run\/current-system\/sw\/bin|nix\/store\/[\w.+-]+\/bin|run\/libvirt\/nix-emulators)\/[\w.+-]+$/;

/** The emulator of the distribution, and those that the judged domains name. Never runs a path that only a definition vouches for. */
export const qemu = defineFact({
  id: 'qemu',
  wants: { judgedDomains },
  async collect(host, facts): Promise<Qemu> {
    const program = findProgram(host, NAMES);
    const named = new Map<string, string[]>();
    for (const { definition } of facts.judgedDomains.ok ? facts.judgedDomains.value.domains : []) {
      if (definition.emulator !== null) named.set(definition.emulator, [...(named.get(definition.emulator) ?? []), definition.name]);
    }
    const path = program.state === 'ok' ? program.value : undefined;
    const others = [...named].filter(([emulator]) => path === undefined || !isSame(host, emulator, path));
    const [system, ...rest] = await Promise.all([
      path === undefined ? undefined : readEmulator(host, path, named.get(path) ?? []),
      ...others.map(([emulator, users]) => readEmulator(host, emulator, users)),
    ]);
    return {
      system: system === undefined ? absentOr(program) : ok(system),
      others: rest.filter((emulator) => emulator !== undefined).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    };
  },
});

function absentOr(program: Reading<unknown>): Reading<never> {
  return program.state === 'unreadable' ? program : ABSENT;
}

function isSame(host: HostSource, one: string, other: string): boolean {
  const [first, second] = [host.real(one), host.real(other)];
  return one === other || (first.state === 'ok' && second.state === 'ok' && first.value === second.value);
}

async function readEmulator(host: HostSource, path: string, users: readonly string[]): Promise<Emulator> {
  return { path, domains: users.toSorted(), version: await readVersion(host, path) };
}

async function readVersion(host: HostSource, path: string): Promise<Reading<QemuVersion>> {
  const stat = host.stat(path);
  if (stat.state !== 'ok') return stat;
  if (!EMULATORS_FOLDER.test(path)) return unreadable('failed', 'not run: it is outside the folders of the system');
  const result = await host.run([path, '--version'], { cachedBy: [path] });
  if (result.state === 'absent') return ABSENT;
  if (result.state === 'unreadable') return result;
  const version = parseQemuVersion(result.value.stdout);
  if (version !== null) return ok(version);
  const said = (result.value.stderr.trim() || result.value.stdout.trim()).split('\n')[0] ?? '';
  return unreadable('failed', said === '' ? `exit code ${result.value.exitCode}` : said.slice(0, 200));
}

/** `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u20)` */
export function parseQemuVersion(text: string): QemuVersion | null {
  const match = /^QEMU emulator version (\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/m.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}
