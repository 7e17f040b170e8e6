import * as fs from 'node:fs';
import { join } from 'node:path';

import { writeFailure } from '../../host/write-failure.ts';
import type { PlannedObject } from '../plan/model.ts';
import { syncFolder } from './folder.ts';
import { writePrivate } from './private-file.ts';
import { StateError } from './state-error.ts';

function backupFolder(folder: string): string {
  return join(folder, 'backup');
}

/** Keeps a definition, and gives the path of the file; it is on the disk then. */
export function writeBackup(folder: string, object: PlannedObject, uuid: string, xml: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[:.-]/g, '');
  const name = [object.kind, fileName(object.name), fileName(uuid), time].join('-');
  try {
    fs.mkdirSync(backupFolder(folder), { recursive: true, mode: 0o700 });
    const path = freePath(join(backupFolder(folder), name));
    writePrivate(path, xml.endsWith('\n') ? xml : `${xml}\n`, { sync: true });
    syncFolder(backupFolder(folder));
    return path;
  } catch (error) {
    throw new StateError(`could not keep a copy of ${object.kind} ${object.name} in ${backupFolder(folder)}: ${writeFailure(error)}`, {
      cause: error,
    });
  }
}

/** More copies of one object than these are not read. */
const MOST_READ = 100;
const LARGEST = 4 * 1024 * 1024;

/** The definitions of an object that were kept, the newest first. */
export function readBackups(folder: string, kind: PlannedObject['kind'], uuid: string): readonly string[] {
  const ending = `-${fileName(uuid)}-`;
  if (!fs.existsSync(backupFolder(folder))) return [];
  const names = fs.readdirSync(backupFolder(folder)).filter((name) => name.startsWith(`${kind}-`) && name.includes(ending));
  const paths = names.map((name) => join(backupFolder(folder), name)).filter((path) => isSmallFile(path));
  return paths
    .map((path) => ({ path, time: /-(\d{8}T\d{9}Z)[^/]*$/.exec(path)?.[1] ?? '' }))
    .toSorted((a, b) => (a.time < b.time ? 1 : -1))
    .slice(0, MOST_READ)
    .map(({ path }) => fs.readFileSync(path, 'utf8'));
}

function isSmallFile(path: string): boolean {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= LARGEST;
}

/** Two in one millisecond. */
function freePath(start: string): string {
  for (let count = 1; ; count++) {
    const path = `${start}${count === 1 ? '' : `-${count}`}.xml`;
    if (!fs.existsSync(path)) return path;
  }
}

/** libvirt's names have no slash, and may have everything else. */
function fileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.+-]/g, '_').slice(0, 100);
}
