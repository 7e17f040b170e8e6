import { ABSENT, mapReading, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { parseRelease, type Release } from '../looking-glass/release.ts';
import { defineFact } from './fact.ts';
import { findProgram } from './program-path.ts';
import { valueOrNull } from './read.ts';

/** The client of Looking Glass. It cannot be asked for its version without a window, so its package is asked. */
export interface LookingGlassClient {
  readonly path: string;
  /** Null: it was not installed as a package. */
  readonly version: { readonly text: string; readonly release: Release | null; readonly source: string } | null;
}

/** Absent: in no usual folder. */
export const lookingGlassClient = defineFact({
  id: 'lookingGlassClient',
  async collect(host): Promise<Reading<LookingGlassClient>> {
    const path = findProgram(host, ['looking-glass-client']);
    if (path.state !== 'ok') return path;
    const found = fromStore(host, path.value) ?? (path.value.startsWith('/usr/local/') ? null : await fromPackage(host, path.value));
    const version = found === null ? null : { ...found, release: parseRelease(found.text) };
    return ok({ path: path.value, version });
  },
});

interface Found {
  readonly text: string;
  readonly source: string;
}

/** NixOS: the version is in the name of the store path. */
function fromStore(host: HostSource, path: string): Found | null {
  const real = valueOrNull(host.real(path)) ?? '';
  const name = /^\/nix\/store\/[0-9a-z]{32}-looking-glass-client-([^/]{1,64})\//.exec(real)?.[1];
  return name === undefined ? null : { text: name, source: real };
}

async function fromPackage(host: HostSource, path: string): Promise<Found | null> {
  return fromPacman(host) ?? (await fromDpkg(host)) ?? (await fromRpm(host, path));
}

/** One folder for each package: `looking-glass-2:B7-1`, `looking-glass-git-2:B7.r75.g870eb8c-1`. */
function fromPacman(host: HostSource): Found | null {
  const folder = '/var/lib/pacman/local';
  const names = valueOrNull(host.list(folder)) ?? [];
  const name = names.find((candidate) => /^looking-glass(-git|-client)?-[^-]+-[^-]+$/.test(candidate));
  return name === undefined ? null : { text: name.replace(/^looking-glass(-git|-client)?-/, ''), source: `${folder}/${name}` };
}

async function fromDpkg(host: HostSource): Promise<Found | null> {
  if (host.stat('/var/lib/dpkg/info/looking-glass-client.list').state !== 'ok') return null;
  return ask(host, ['dpkg-query', '-W', '-f=${Version}', 'looking-glass-client']);
}

async function fromRpm(host: HostSource, path: string): Promise<Found | null> {
  const isRpm = ['/usr/lib/sysimage/rpm', '/var/lib/rpm'].some((folder) => host.stat(folder).state === 'ok');
  return isRpm ? ask(host, ['rpm', '-qf', '--qf', '%{VERSION}-%{RELEASE}', path]) : null;
}

async function ask(host: HostSource, argv: readonly string[]): Promise<Found | null> {
  const result = mapReading(await host.run(argv), ({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : ''));
  const text = result.state === 'ok' ? result.value.slice(0, 100) : '';
  return text === '' ? null : { text, source: argv.join(' ') };
}

/** The release of the client; null when it is not installed or its version cannot be told. */
export function clientRelease(client: Reading<LookingGlassClient> = ABSENT): Release | null {
  return client.state === 'ok' ? (client.value.version?.release ?? null) : null;
}
