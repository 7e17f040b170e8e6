import * as fs from 'node:fs';
import { join } from 'node:path';

import { openGuest } from '../../guest/choose.ts';
import { writeFailure } from '../../host/write-failure.ts';
import { UsageError } from '../../usage-error.ts';
import { addDraft, keepDraft } from '../drafts.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { realPath } from '../real-path.ts';
import { copyOf, nameOf } from './copy-words.ts';
import { OWN_CODES, tellingFailure } from './guest-failure.ts';
import type { GuestOptions } from './guest-options.ts';
import { askedGuest } from './guest-place.ts';

type Progress = (doneBytes: number, ofBytes: number) => void;

/** `passcheck vm copy` */
export async function copy(from: string, to: string, options: GuestOptions, io: Io): Promise<void> {
  const { direction, guest: target, remote, local } = copyOf(from, to);
  const place = direction === 'down' ? localPlace(local, remote) : localSource(local);
  await tellingFailure(io, 'vm copy', OWN_CODES, async () => {
    const asked = await askedGuest(target, options);
    const { channel } = await withProgress(io, `reaching ${target}`, openGuest(asked.place, asked.wish));
    const progress = progressOf(io);
    if (direction === 'up') await channel.upload(place, remote, progress);
    else await replacing(place, (draft) => channel.download(remote, draft, progress));
  });
}

function localSource(local: string): string {
  const stat = fs.statSync(local, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`could not read ${local}: there is no such file`);
  if (stat.isDirectory()) throw new UsageError(`${local} is a folder: pack it first, with tar or zip`);
  return local;
}

/** Into a folder goes the name that the file has in the guest. */
function localPlace(local: string, remote: string): string {
  const stat = fs.statSync(local, { throwIfNoEntry: false });
  const place = stat?.isDirectory() === true || local.endsWith('/') ? join(local, nameOf(remote)) : local;
  if (fs.statSync(place, { throwIfNoEntry: false })?.isFile() === false) throw new UsageError(`${place} is there already, and is no file`);
  return place;
}

/** Lets `write` make a file beside the place, which then takes it with the mode of what was there. */
async function replacing(path: string, write: (draft: string) => Promise<void>): Promise<void> {
  const place = realPath(path);
  const draft = `${place}.${process.pid}.draft`;
  addDraft(draft);
  try {
    await write(draft);
    const old = fs.statSync(place, { throwIfNoEntry: false });
    fs.chmodSync(draft, old === undefined ? 0o666 & ~process.umask() : old.mode & 0o777);
    fs.renameSync(draft, place);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    if (error instanceof Error && 'syscall' in error)
      throw new UsageError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
    throw error;
  } finally {
    keepDraft(draft);
  }
}

const TELL_EVERY_MS = 5000;
const MIB = 1024 * 1024;

/** On a terminal, a line every five seconds: a large file takes minutes through an agent. */
function progressOf(io: Io): Progress {
  let told = performance.now();
  return (done, of) => {
    if (!io.stderrIsTerminal || performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    io.note(`${Math.floor(done / MIB)} of ${Math.ceil(of / MIB)} MiB …`);
  };
}
