import { ok, type Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import type { Config } from '../config/schema.ts';
import { caller } from './caller.ts';
import { type Attempt, defineFact } from './fact.ts';
import { type Reach, reachFile } from './file-access.ts';
import { type IsoImage, type MediumRole, readIsoImage, roleOf } from './iso-image.ts';
import { judgedDomains, type JudgedDomains } from './judged-domains.ts';
import type { Credentials } from './permissions.ts';
import { platform } from './platform.ts';
import { qemuUser } from './qemu-user.ts';

/** One install image, and what can be seen of it. */
export interface Medium {
  readonly path: string;
  readonly role: MediumRole;
  /** Who names it: `passcheck.yaml`, a domain, or the folder it was found in. */
  readonly source: string;
  readonly stat: Reading<FileStat>;
  readonly image: Reading<IsoImage>;
  /** May QEMU's user read it? Null when there is no such user. */
  readonly reach: Reach | null;
}

/** The install media, by who names them. */
export interface Media {
  readonly configured: readonly Medium[];
  /** In the CD-ROM drives of the judged domains. */
  readonly inserted: readonly Medium[];
  /** Where images are looked for that nobody names. */
  readonly folder: typeof MEDIA_FOLDER | typeof PROXMOX_FOLDER;
  /** In `folder`; looked at only when one of the images is named nowhere, empty otherwise. */
  readonly stored: Reading<readonly Medium[]>;
  /** Names of the judged domains; an error when they could not be looked at. */
  readonly domains: Attempt<readonly string[]>;
  /** The user that QEMU runs as; null when there is none, an error when it could not be told. */
  readonly user: Attempt<(Credentials & { readonly name: string }) | null>;
}

const MEDIA_FOLDER = '/var/lib/libvirt/iso';
/** Of the storage `local` of Proxmox VE. */
export const PROXMOX_FOLDER = '/var/lib/vz/template/iso';
const MAX_STORED = 64;

/** Install images: from `passcheck.yaml`, from the CD-ROM drives of the judged domains, else from libvirt's folder. */
export const media = defineFact({
  id: 'media',
  wants: { judgedDomains, qemuUser, caller, platform },
  async collect(host, facts, { config }): Promise<Media> {
    const user = config.connection === 'qemu:///session' ? asCaller(facts.caller) : asQemu(facts.qemuUser);
    const look = (path: string, source: string, role?: MediumRole): Promise<Medium> => lookAt(host, path, source, user, role);
    const configured = await Promise.all(configuredPaths(config).map(({ path, role }) => look(path, 'passcheck.yaml', role)));
    const inserted = await Promise.all(insertedPaths(facts.judgedDomains).map(({ path, domain }) => look(path, domain)));
    const folder = facts.platform.ok && facts.platform.value.hasOwnVms === true ? PROXMOX_FOLDER : MEDIA_FOLDER;
    return {
      configured,
      inserted,
      folder,
      stored: areNamed([...configured, ...inserted]) ? ok([]) : await storedMedia(host, folder, look),
      domains: facts.judgedDomains.ok
        ? { ok: true, value: facts.judgedDomains.value.domains.map(({ definition }) => definition.name) }
        : facts.judgedDomains,
      user,
    };
  },
});

function areNamed(named: readonly Medium[]): boolean {
  return (['windows', 'virtio'] as const).every((wanted) => named.some(({ role }) => role === wanted));
}

function asCaller(attempt: Attempt<{ uid: number; name: string | null; groups: readonly number[] }>): Media['user'] {
  if (!attempt.ok) return attempt;
  const { uid, name, groups } = attempt.value;
  return { ok: true, value: { uid, name: name ?? String(uid), gids: groups } };
}

function asQemu(attempt: Attempt<{ uid: number; name: string | null; groups: readonly { readonly gid: number }[] } | null>): Media['user'] {
  if (!attempt.ok || attempt.value === null) return attempt.ok ? { ok: true, value: null } : attempt;
  const { uid, name, groups } = attempt.value;
  return { ok: true, value: { uid, name: name ?? String(uid), gids: groups.map(({ gid }) => gid) } };
}

function configuredPaths({ media: { windows, virtio } }: Config): { path: string; role: MediumRole }[] {
  return [
    ...(windows === undefined ? [] : [{ path: windows, role: 'windows' as const }]),
    ...(virtio === undefined ? [] : [{ path: virtio, role: 'virtio' as const }]),
  ];
}

function insertedPaths(judged: Attempt<JudgedDomains>): { path: string; domain: string }[] {
  return (judged.ok ? judged.value.domains : []).flatMap(({ definition: { name, disks } }) =>
    disks.flatMap(({ device, source }) => (device === 'cdrom' && source?.startsWith('/') ? [{ path: source, domain: name }] : [])),
  );
}

async function storedMedia(
  host: HostSource,
  folder: string,
  look: (path: string, source: string) => Promise<Medium>,
): Promise<Media['stored']> {
  const names = host.list(folder);
  if (names.state !== 'ok') return names;
  const images = names.value.filter((name) => /\.iso$/i.test(name)).slice(0, MAX_STORED);
  return ok(await Promise.all(images.map((name) => look(`${folder}/${name}`, folder))));
}

async function lookAt(host: HostSource, path: string, source: string, user: Media['user'], role?: MediumRole): Promise<Medium> {
  const stat = host.stat(path);
  const image = stat.state === 'ok' && stat.value.kind !== 'file' ? NO_FILE : readIsoImage(host, path);
  return {
    path,
    role: role ?? roleOf(path, image.state === 'ok' ? image.value.label : null),
    source,
    stat,
    image,
    reach: user.ok && user.value !== null && stat.state !== 'absent' ? await reachFile(host, path, user.value, ['read']) : null,
  };
}

const NO_FILE = { state: 'unreadable', reason: 'failed', detail: 'not a regular file' } as const;
