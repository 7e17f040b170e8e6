import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { nearest } from '../nearest.ts';
import { oneLine } from '../report/sanitize.ts';

/** More names are not searched. */
const MAX_NAMES = 5000;

/** `; the nearest is win11.xml`, of the XML files in the folder of a path that is not there; empty when none is near. */
export function nearFileWords(path: string): string {
  const folder = dirname(path);
  const near = nearXml(folder, basename(path));
  return near === undefined ? '' : `; the nearest file is ${oneLine(path.includes('/') ? join(folder, near) : near)}`;
}

function nearXml(folder: string, name: string): string | undefined {
  const names = xmlNames(folder);
  return (
    names.find((file) => stem(file) === name) ?? nearest(name, names) ?? names.find((file) => stem(file) === nearest(name, names.map(stem)))
  );
}

function stem(file: string): string {
  return file.replace(/\.xml$/i, '');
}

function xmlNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .slice(0, MAX_NAMES)
      .filter((file) => /\.xml$/i.test(file));
  } catch {
    return [];
  }
}
