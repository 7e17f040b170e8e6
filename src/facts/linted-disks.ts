import type { DomainDocument } from '../domain/document.ts';
import { ABSENT, mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { type ConnectionUri, volumeArgv } from '../libvirt/virsh.ts';
import { kernelName, mountedOver } from './block-device-users.ts';
import { type DefinedDocument, definedDocuments } from './defined-documents.ts';
import { type Attempt, defineFact } from './fact.ts';
import { type Reach, reachFile } from './file-access.ts';
import { backingPath, HEADER_BYTES, type ImageFormat, imageFormatOf, parseBackingFile, parseImageFormat } from './image-format.ts';
import { lintedDomains } from './linted-domains.ts';
import { type Mount, mounts } from './mounts.ts';
import type { Credentials } from './permissions.ts';
import { type QemuUser, qemuUser } from './qemu-user.ts';

/** A file of the host as QEMU's user sees it. */
export interface ImageFile {
  readonly path: string;
  readonly stat: Reading<FileStat>;
  /** Null: there is no such user, or no such file. */
  readonly reach: Reach | null;
}

/** What a disk of a linted domain names on the host. */
export interface DiskSource extends ImageFile {
  /** Of a regular file; absent: it is none. */
  readonly format: Reading<ImageFormat>;
  /** Where that was seen: the path, or what libvirt was asked. */
  readonly formatFrom: string;
  /** Images that a qcow2 image is built on, from the nearest on; ends with one that is not there. */
  readonly backing: readonly ImageFile[];
  /** Of a block device: folders where the host has mounted it, or a part of it. Absent: it is none. */
  readonly mountedAt: Reading<readonly string[]>;
}

/** The disks of the linted domains on this host. */
export interface LintedDisks {
  /** By the path as it is written; paths beyond {@link MAX_SOURCES} were not looked at. */
  readonly sources: ReadonlyMap<string, DiskSource>;
  /** Where links lead: plain path → real path, for the linted domains and for libvirt's. Only those that differ. */
  readonly links: ReadonlyMap<string, string>;
  /** The user that QEMU runs as; null when there is none. */
  readonly user: Attempt<(Credentials & { readonly name: string }) | null>;
}

/** A definition with more disks than this is no real one, and each costs a dozen system calls. */
export const MAX_SOURCES = 512;

/** Files and block devices of the linted domains: are they there, what are they, and may QEMU open them? */
export const lintedDisks = defineFact({
  id: 'lintedDisks',
  needs: { lintedDomains },
  wants: { definedDocuments, qemuUser, mounts },
  async collect(host, facts, { config }): Promise<LintedDisks> {
    const { documents } = facts.lintedDomains;
    const user = asCredentials(facts.qemuUser);
    if (documents.length === 0) return { sources: new Map(), links: new Map(), user };
    const { disksOf, plainPath } = await import('../domain/disks.ts');
    const paths = (among: readonly DomainDocument[]): string[] => [
      ...new Set(among.flatMap((document) => disksOf(document).flatMap(({ path }) => (path?.startsWith('/') === true ? [path] : [])))),
    ];
    const linted = paths(documents).slice(0, MAX_SOURCES);
    const others = facts.definedDocuments.ok ? paths(facts.definedDocuments.value.map(({ document }: DefinedDocument) => document)) : [];
    const look: Look = { host, uri: config.connection, user, mounts: facts.mounts };
    const sources = await Promise.all(linted.map((path) => lookAt(look, path)));
    const plain = new Set([...linted, ...others].map(plainPath).slice(0, 4 * MAX_SOURCES));
    return { sources: new Map(sources.map((source) => [source.path, source])), links: linksOf(host, plain), user };
  },
});

/** What looking at an image needs. */
interface Look {
  readonly host: HostSource;
  readonly uri: ConnectionUri;
  readonly user: LintedDisks['user'];
  readonly mounts: Attempt<readonly Mount[]>;
}

function asCredentials(attempt: Attempt<QemuUser | null>): LintedDisks['user'] {
  if (!attempt.ok || attempt.value === null) return attempt.ok ? { ok: true, value: null } : attempt;
  const { uid, name, groups } = attempt.value;
  return { ok: true, value: { uid, name: name ?? String(uid), gids: groups.map(({ gid }) => gid) } };
}

function linksOf(host: HostSource, paths: ReadonlySet<string>): Map<string, string> {
  const links = new Map<string, string>();
  for (const path of paths) {
    const real = host.real(path);
    if (real.state === 'ok' && real.value !== path) links.set(path, real.value);
  }
  return links;
}

async function lookAt(look: Look, path: string): Promise<DiskSource> {
  const file = await imageFile(look, path);
  const kind = file.stat.state === 'ok' ? file.stat.value.kind : null;
  const inside = kind === 'file' ? await lookInside(look, path) : ABSENT;
  return {
    ...file,
    format: mapReading(inside, ({ format }) => format),
    formatFrom: inside.state === 'ok' ? inside.value.from : path,
    backing: inside.state === 'ok' ? await backingChain(look, path, inside.value.backing) : [],
    mountedAt: kind === 'block-device' ? mountedAt(look, path) : ABSENT,
  };
}

async function imageFile({ host, user }: Look, path: string): Promise<ImageFile> {
  const stat = host.stat(path);
  const canAsk = user.ok && user.value !== null && stat.state !== 'absent';
  return { path, stat, reach: canAsk && user.value !== null ? await reachFile(host, path, user.value, ['read']) : null };
}

function mountedAt({ host, mounts: mounted }: Look, path: string): Reading<readonly string[]> {
  if (!mounted.ok) return unreadable('failed', mounted.error.reason);
  return mountedOver(host, kernelName(host, path), mounted.value);
}

/** Snapshots of snapshots; libvirt itself stops at 200. */
const LONGEST_CHAIN = 32;

async function backingChain(look: Look, image: string, first: string | null): Promise<ImageFile[]> {
  const chain: ImageFile[] = [];
  const seen = new Set([image]);
  let next = first;
  while (next !== null && !seen.has(next) && chain.length < LONGEST_CHAIN) {
    seen.add(next);
    // oxlint-disable-next-line no-await-in-loop -- each link is named by the one before it
    const file = await imageFile(look, next);
    chain.push(file);
    const isFile = file.stat.state === 'ok' && file.stat.value.kind === 'file';
    // oxlint-disable-next-line no-await-in-loop -- each link is named by the one before it
    const inside: Reading<Inside> = isFile ? await lookInside(look, next) : ABSENT;
    next = inside.state === 'ok' ? inside.value.backing : null;
  }
  return chain;
}

/** What an image says of itself. */
interface Inside {
  readonly format: ImageFormat;
  /** Path of the image that it is built on. */
  readonly backing: string | null;
  readonly from: string;
}

/** Images belong to root or to QEMU's user; libvirt tells everybody what those in its pools are. */
async function lookInside({ host, uri }: Look, path: string): Promise<Reading<Inside>> {
  const header = host.readRange(path, 0, HEADER_BYTES);
  if (header.state === 'ok')
    return ok({ format: parseImageFormat(header.value), backing: backingOf(host, path, header.value), from: path });
  if (header.state === 'absent' || header.reason !== 'denied') return header;
  const argv = volumeArgv(uri, path);
  const result = await host.run(argv);
  if (result.state !== 'ok' || result.value.exitCode !== 0) return header;
  const { readVolume } = await import('../libvirt/volume.ts');
  const volume = readVolume(result.value.stdout);
  const format = volume === null ? null : imageFormatOf(volume.format);
  return volume === null || format === null ? header : ok({ format, backing: volume.backing, from: argv.join(' ') });
}

function backingOf(host: HostSource, image: string, header: Uint8Array): string | null {
  const place = parseBackingFile(header);
  const name = place === null ? ok(new Uint8Array(0)) : host.readRange(image, place.offset, place.length);
  if (name.state !== 'ok') return null;
  // A relative name counts from where the image really is.
  const real = host.real(image);
  return backingPath(real.state === 'ok' ? real.value : image, new TextDecoder().decode(name.value));
}
