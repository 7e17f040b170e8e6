import * as fs from 'node:fs';
import { join } from 'node:path';

import type { Attempt, Problem } from '../problem.ts';
import { keptBytes, putBack } from './kept-file.ts';
import { keptTreeBytes, putTreeBack } from './kept-tree.ts';
import { type KeptDisk, type KeptFile, type KeptTree, type Manifest, tagOf } from './manifest.ts';
import type { ImageTool } from './qemu-img.ts';
import { beginRevert, endRevert } from './store.ts';
import { realPath, type Subject, type SubjectDisk, type SubjectPlace } from './subject.ts';
import { reasonOf } from './take.ts';

/** Everything that a revert writes, seen to be whole before anything is written. */
export interface RevertPlan {
  readonly manifest: Manifest;
  readonly disks: readonly SubjectDisk[];
  readonly nvram: Restored<{ readonly file: KeptFile; readonly bytes: Uint8Array }> | null;
  readonly tpm: Restored<{ readonly folders: KeptTree['folders']; readonly files: NonNullable<ReturnType<typeof keptTreeBytes>> }> | null;
  /** The definition is not what it was then; it stays as it is. */
  readonly isRedefined: boolean;
}

/** `content` null: there was nothing yet, so what is there now goes. */
interface Restored<Content> {
  readonly path: string;
  readonly content: Content | null;
}

/** Holds a snapshot against the VM as it is now. Everything that speaks against going back is told. */
export function planRevert(subject: Subject, manifest: Manifest, folder: string): Attempt<RevertPlan> {
  const own = join(folder, manifest.name);
  const problems: Problem[] = diskProblems(subject, manifest);
  const nvram = restored('UEFI settings', manifest.nvram, subject.nvram, problems);
  const tpm = restored('a TPM', manifest.tpm, subject.tpm, problems);
  const nvramFile = manifest.nvram?.file ?? null;
  const nvramBytes = nvramFile === null ? null : keptBytes(join(own, 'nvram'), nvramFile);
  if (nvramFile !== null && nvramBytes === null) problems.push(brokenCopy('UEFI settings', own));
  const tree = manifest.tpm?.tree ?? null;
  const treeBytes = tree === null ? null : keptTreeBytes(join(own, 'tpm'), tree);
  if (tree !== null && treeBytes === null) problems.push(brokenCopy('TPM state', own));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      manifest,
      disks: subject.disks,
      nvram: nvram && { path: nvram.path, content: nvramFile && nvramBytes && { file: nvramFile, bytes: nvramBytes } },
      tpm: tpm && { path: tpm.path, content: tree && treeBytes && { folders: tree.folders, files: treeBytes } },
      isRedefined: keptBytes(join(own, 'domain.xml'), manifest.definition)?.toString() !== Buffer.from(subject.vm.xml).toString(),
    },
  };
}

export interface RevertTools {
  readonly folder: string;
  readonly images: ImageTool;
  readonly now: Date;
  /** An earlier revert did not end: qemu-img may have been killed in the middle. */
  readonly isAgain: boolean;
  /** Null: the VM is still off; else what is wrong. Its images are locked while it runs; the files beside them are not. */
  readonly started: () => Promise<string | null>;
}

/** Goes back. Cut off at any point, the same revert again does the rest. Null: done; else what is wrong, and the VM is in between. */
export async function revert({ manifest, disks, nvram, tpm }: RevertPlan, tools: RevertTools): Promise<string | null> {
  const { folder, images, now, isAgain, started } = tools;
  beginRevert(folder, { schema: 1, name: manifest.name, since: now.toISOString() });
  for (const { target, path } of disks) {
    // oxlint-disable-next-line no-await-in-loop -- one disk after the other
    const complaint = (await images.apply(path, tagOf(manifest.name))) ?? (isAgain ? await images.mend(path) : null);
    if (complaint !== null) return `${target} (${path}): ${complaint}`;
  }
  const inBetween = await started();
  if (inBetween !== null) return inBetween;
  try {
    if (nvram !== null) {
      if (nvram.content === null) fs.rmSync(nvram.path, { force: true });
      else putBack(nvram.content.bytes, nvram.content.file, nvram.path);
    }
    if (tpm !== null) {
      if (tpm.content === null) fs.rmSync(tpm.path, { recursive: true, force: true });
      else putTreeBack(tpm.content.folders, tpm.content.files, tpm.path);
    }
  } catch (error) {
    return `its firmware settings or TPM state could not be put back: ${reasonOf(error)}`;
  }
  endRevert(folder);
  return null;
}

function diskProblems({ disks }: Subject, manifest: Manifest): Problem[] {
  const kept = new Map(manifest.disks.map((disk) => [realPath(disk.path), disk]));
  const now = new Map(disks.map((disk) => [realPath(disk.path), disk]));
  return [
    ...disks.filter(({ path }) => !kept.has(realPath(path))).map(({ target, path }) => addedSince(target, path)),
    ...manifest.disks.filter(({ path }) => !now.has(realPath(path))).map(({ target, path }) => goneSince(target, path)),
    ...disks.flatMap((disk) => {
      const then = kept.get(realPath(disk.path));
      return then === undefined ? [] : imageProblems(disk, then, tagOf(manifest.name));
    }),
  ];
}

function addedSince(target: string, path: string): Problem {
  return { message: `${target} (${path}) was not among its disks then`, fix: 'Take it out of the VM first' };
}

function goneSince(target: string, path: string): Problem {
  return { message: `${target} (${path}) is no disk of it any more`, fix: 'Put it back into the VM first' };
}

function imageProblems({ target, path, info }: SubjectDisk, then: KeptDisk, tag: string): Problem[] {
  const found = info.snapshots.filter((snapshot) => snapshot.tag === tag);
  const [one] = found;
  const isSame = found.length === 1 && one?.id === then.id && one.dateSec === then.dateSec && one.dateNsec === then.dateNsec;
  if (!isSame)
    return [{ message: `${target} (${path}) is not the image that the snapshot was taken of: it has no such ${tag}`, fix: null }];
  return baseProblems(info.bases, then).map((message) => ({
    message: `${target} (${path}): ${message}`,
    fix: 'Put the image back that it was built on',
  }));
}

/** What the snapshot does not have itself is read from the images below. */
function baseProblems(bases: readonly string[], { bases: kept }: KeptDisk): string[] {
  if (bases.length !== kept.length || bases.some((path, index) => path !== kept[index]?.path)) return ['it is built on another image now'];
  return kept.flatMap(({ path, bytes, mtimeMs }) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat?.size === bytes && stat.mtimeMs === mtimeMs ? [] : [`${path}, which it is built on, has changed since`];
  });
}

function restored(
  what: string,
  then: { readonly path: string } | null,
  now: SubjectPlace | null,
  problems: Problem[],
): SubjectPlace | null {
  if ((then === null) === (now === null)) return now;
  problems.push({
    message: now === null ? `it had ${what} then, and has none now` : `it had no ${what.replace(/^a /, '')} then, and has now`,
    fix: 'Change its definition back first',
  });
  return null;
}

function brokenCopy(what: string, own: string): Problem {
  return { message: `the copy of its ${what} in ${own} is not what was kept`, fix: null };
}
