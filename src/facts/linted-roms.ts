import { hostDevices } from '../domain/host-devices.ts';
import { attribute } from '../domain/xml.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import type { Reading } from '../host/reading.ts';
import { defineFact } from './fact.ts';
import { type Reach, reachFile } from './file-access.ts';
import { lintedDomains } from './linted-domains.ts';
import { type OptionRom, readOptionRom } from './option-rom.ts';
import type { Credentials } from './permissions.ts';
import { qemuUser } from './qemu-user.ts';

/** A file that a definition gives a device as its ROM. */
export interface LintedRom {
  readonly path: string;
  readonly stat: Reading<FileStat>;
  readonly rom: Reading<OptionRom>;
  /** May QEMU's user read it? Null when that user is not known. */
  readonly reach: Reach | null;
  /** Who QEMU runs as. */
  readonly user: string | null;
}

/** Far more than one domain ever names. */
const MOST_FILES = 64;

/** The ROM files that the given definitions name, each once. A path that is not absolute is not looked at. */
export const lintedRoms = defineFact({
  id: 'lintedRoms',
  needs: { lintedDomains },
  wants: { qemuUser },
  async collect(host, facts): Promise<readonly LintedRom[]> {
    const paths = new Set(facts.lintedDomains.documents.flatMap((document) => hostDevices(document).flatMap(romPath)));
    const user = facts.qemuUser.ok && facts.qemuUser.value !== null ? facts.qemuUser.value : null;
    const who = user === null ? null : { uid: user.uid, gids: user.groups.map(({ gid }) => gid) };
    const name = user === null ? null : (user.name ?? String(user.uid));
    return Promise.all([...paths].slice(0, MOST_FILES).map((path) => lookAt(host, path, who, name)));
  },
});

function romPath({ rom }: ReturnType<typeof hostDevices>[number]): string[] {
  const path = attribute(rom, 'file');
  return path?.startsWith('/') === true ? [path] : [];
}

const NO_FILE = { state: 'unreadable', reason: 'failed', detail: 'not a regular file' } as const;

async function lookAt(host: HostSource, path: string, who: Credentials | null, user: string | null): Promise<LintedRom> {
  const stat = host.stat(path);
  const rom = stat.state === 'ok' && stat.value.kind !== 'file' ? NO_FILE : readOptionRom(host, path);
  const reach = who === null || stat.state !== 'ok' ? null : await reachFile(host, path, who, ['read']);
  return { path, stat, rom, reach, user };
}
