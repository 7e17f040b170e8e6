import * as fs from 'node:fs';
import { join } from 'node:path';

import { syncFolder } from '../../provision/state/folder.ts';
import { keepFile, keptBytes, putBack } from './kept-file.ts';
import type { KeptFile, KeptTree } from './manifest.ts';

/** swtpm holds it while it runs. */
const LOCKS = new Set(['.lock']);
const DEEPEST = 4;

/** Copies a folder of small files (the state of a TPM) into a new folder. Throws when there is anything else in it. */
export function keepTree(from: string, to: string): KeptTree {
  fs.mkdirSync(to, { mode: 0o700 });
  const tree = entriesOf(from);
  for (const { name } of tree.folders) fs.mkdirSync(join(to, name), { mode: 0o700 });
  const files = tree.files.map((name) => ({ ...keepFile(join(from, name), join(to, name)), name }));
  for (const { name } of tree.folders) syncFolder(join(to, name));
  syncFolder(to);
  return { folders: tree.folders, files };
}

/** The copies with their bytes; null when one is not what was kept. */
export function keptTreeBytes(
  kept: string,
  { files }: KeptTree,
): readonly { readonly file: KeptFile; readonly bytes: Uint8Array }[] | null {
  const read = files.flatMap((file) => {
    const bytes = keptBytes(join(kept, file.name), file);
    return bytes === null ? [] : [{ file, bytes }];
  });
  return read.length === files.length ? read : null;
}

/** Makes a folder what it was: each file is replaced as a whole, and what came later is removed. Cut off, it is done again. */
export function putTreeBack(
  folders: KeptTree['folders'],
  files: readonly { readonly file: KeptFile; readonly bytes: Uint8Array }[],
  place: string,
): void {
  for (const { name, mode, uid, gid } of folders) {
    const path = join(place, name);
    if (!fs.existsSync(path)) fs.mkdirSync(path, { recursive: true, mode: 0o700 });
    fs.chownSync(path, uid, gid);
    fs.chmodSync(path, mode);
  }
  for (const { file, bytes } of files) putBack(bytes, file, join(place, file.name));
  const wanted = new Set(files.map(({ file }) => file.name));
  for (const name of entriesOf(place).files) if (!wanted.has(name)) fs.rmSync(join(place, name));
}

interface Entries {
  readonly folders: KeptTree['folders'];
  readonly files: readonly string[];
}

/** The folder itself has no name and is not among them: its owner is libvirt's business. */
function entriesOf(root: string): Entries {
  const folders: KeptTree['folders'][number][] = [];
  const files: string[] = [];
  walk('', 0);
  return { folders, files };

  function walk(folder: string, depth: number): void {
    if (depth > DEEPEST) throw new Error(`${join(root, folder)} is deeper than the state of a TPM`);
    for (const name of fs.readdirSync(join(root, folder)).toSorted()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stat = fs.lstatSync(join(root, path));
      if (stat.isDirectory()) {
        folders.push({ name: path, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid });
        walk(path, depth + 1);
      } else if (!stat.isFile()) {
        throw new Error(`${join(root, path)} is neither a file nor a folder`);
      } else if (!LOCKS.has(name)) files.push(path);
      if (files.length + folders.length > 100) throw new Error(`${root} has more in it than the state of a TPM`);
    }
  }
}
