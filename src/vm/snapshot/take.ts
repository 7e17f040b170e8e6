import * as fs from 'node:fs';
import { join } from 'node:path';

import { writeFailure } from '../../host/write-failure.ts';
import { type Attempt, refused } from '../problem.ts';
import { discardSnapshot } from './discard.ts';
import { keepFile, keepText } from './kept-file.ts';
import { keepTree } from './kept-tree.ts';
import { type KeptDisk, type Manifest, tagOf } from './manifest.ts';
import type { ImageTool } from './qemu-img.ts';
import { beginSnapshot, completeSnapshot } from './store.ts';
import type { Subject, SubjectDisk } from './subject.ts';

export interface TakeTools {
  /** Of the snapshots of this VM. */
  readonly folder: string;
  readonly images: ImageTool;
  readonly now: Date;
  /** Of passcheck. */
  readonly version: string;
}

/**
 * Takes a snapshot of a VM that is off: one within each image, copies of firmware settings and TPM state, and the definition. All of it
 * or nothing: what is left of one that failed or was killed is no snapshot, and is removed now or by the next call.
 */
export async function takeSnapshot(subject: Subject, name: string, tools: TakeTools): Promise<Attempt<Manifest>> {
  const tag = tagOf(name);
  const taken = subject.disks.find(({ info }) => info.snapshots.some((snapshot) => snapshot.tag === tag));
  if (taken !== undefined) {
    return refused(
      `${taken.path} has a snapshot ${tag} that passcheck does not know`,
      `Choose another name, or delete it: qemu-img snapshot -d ${tag}`,
    );
  }
  const paths = subject.disks.map(({ path }) => path);
  const own = beginSnapshot(tools.folder, { schema: 1, name, disks: paths });
  const made = await make(subject, { name, own, tools });
  if (made.ok) {
    completeSnapshot(tools.folder, made.value);
    return made;
  }
  const left = await discardSnapshot(tools.folder, name, tools.images);
  if (left === null) return made;
  return {
    ok: false,
    problems: [...made.problems, { message: `what was made of it is still there (${left})`, fix: 'Run this again: it tidies up first' }],
  };
}

async function make(
  { vm, disks, nvram, tpm }: Subject,
  { name, own, tools }: { readonly name: string; readonly own: string; readonly tools: TakeTools },
): Promise<Attempt<Manifest>> {
  try {
    // The small ones first: they fail for want of space, and leave nothing in the images then.
    const definition = keepText(vm.xml, join(own, 'domain.xml'));
    const nvramFile = nvram?.exists === true ? keepFile(nvram.path, join(own, 'nvram')) : null;
    const tree = tpm?.exists === true ? keepTree(tpm.path, join(own, 'tpm')) : null;
    const kept: KeptDisk[] = [];
    for (const disk of disks) {
      // oxlint-disable-next-line no-await-in-loop -- one disk after the other
      const one = await takeOfDisk(disk, tagOf(name), tools.images);
      if (!one.ok) return one;
      kept.push(one.value);
    }
    const manifest: Manifest = {
      schema: 1,
      tool: { name: 'passcheck', version: tools.version },
      name,
      uuid: vm.uuid,
      vm: vm.name,
      takenAt: tools.now.toISOString(),
      disks: kept,
      nvram: nvram === null ? null : { path: nvram.path, file: nvramFile },
      tpm: tpm === null ? null : { path: tpm.path, tree },
      definition,
    };
    return { ok: true, value: manifest };
  } catch (error) {
    return refused(`could not keep its firmware settings, TPM state or definition in ${own}: ${reasonOf(error)}`);
  }
}

async function takeOfDisk({ target, path, info }: SubjectDisk, tag: string, images: ImageTool): Promise<Attempt<KeptDisk>> {
  const complaint = await images.take(path, tag);
  if (complaint !== null) return refused(`${target} (${path}): ${complaint}`);
  const looked = await images.info(path);
  const made = looked.ok ? looked.value.snapshots.find((snapshot) => snapshot.tag === tag) : undefined;
  if (made === undefined) return refused(`${target} (${path}): qemu-img made no snapshot in it`);
  const { id, dateSec, dateNsec } = made;
  const bases = info.bases.map((base) => {
    const { size, mtimeMs } = fs.statSync(base);
    return { path: base, bytes: size, mtimeMs };
  });
  return { ok: true, value: { target, path, id, dateSec, dateNsec, virtualBytes: info.virtualBytes, bases } };
}

/** Messages of passcheck itself have no code. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && !('code' in error) ? error.message : writeFailure(error);
}
