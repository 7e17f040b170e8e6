import { evdevInputs } from '../domain/evdev.ts';
import type { Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { definedDocuments } from './defined-documents.ts';
import { type Attempt, defineFact } from './fact.ts';
import { type Reach, reachFile } from './file-access.ts';
import { lintedDomains } from './linted-domains.ts';
import { qemuUser, type QemuUser } from './qemu-user.ts';

/** A keyboard or mouse of the host that a definition takes events from. */
export interface EvdevNode {
  /** Of the device behind its names. */
  readonly stat: Reading<FileStat>;
  /** `/dev/input/event4`: what the names lead to. */
  readonly real: Reading<string>;
  /** May QEMU open it by its mode? Null: it is not there, or libvirt gives it to QEMU, or there is no such user. */
  readonly qemu: Attempt<{ readonly name: string; readonly reach: Reach } | null>;
}

/** Far more than keyboards fit on a desk: what is beyond it was given to keep passcheck busy. */
const LIMIT = 256;

/**
 * What is at the paths below /dev that definitions name as evdev devices, by the path as written: those of the given
 * definitions, and, so that a snapshot can judge them later, of libvirt's own.
 */
export const evdevNodes = defineFact({
  id: 'evdevNodes',
  needs: { lintedDomains },
  wants: { definedDocuments, qemuUser },
  async collect(host, facts): Promise<ReadonlyMap<string, EvdevNode>> {
    const defined = facts.definedDocuments.ok ? facts.definedDocuments.value.map(({ document }) => document) : [];
    const inputs = [...facts.lintedDomains.documents, ...defined].flatMap(evdevInputs);
    const named = [...new Set(inputs.map(({ path }) => path))].filter((path) => path.startsWith('/dev/') && !path.includes('\0'));
    const byArgument = new Set(inputs.filter(({ way }) => way === 'argument').map(({ path }) => path));
    const nodes = named
      .slice(0, LIMIT)
      .map(async (path) => [path, await readNode(host, path, byArgument.has(path) ? facts.qemuUser : { ok: true, value: null })] as const);
    return new Map(await Promise.all(nodes));
  },
});

async function readNode(host: HostSource, path: string, user: Attempt<QemuUser | null>): Promise<EvdevNode> {
  const node = { stat: host.stat(path), real: host.real(path) };
  if (!user.ok) return { ...node, qemu: user };
  if (user.value === null || node.stat.state !== 'ok') return { ...node, qemu: { ok: true, value: null } };
  const { uid, groups, name } = user.value;
  const reach = await reachFile(host, path, { uid, gids: groups.map(({ gid }) => gid) }, ['read', 'write']);
  return { ...node, qemu: { ok: true, value: { name: name ?? String(uid), reach } } };
}
