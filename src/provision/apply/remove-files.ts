import * as fs from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

import { writeFailure } from '../../host/write-failure.ts';
import { attribute, DomainXmlError, first, parseXml } from '../../domain/xml.ts';

/** What stands in for the file system in tests. */
export interface Remover {
  /** The variables of a firmware: null when they are gone; else what is wrong. `definitions` are those of their VM. */
  nvram(path: string, definitions: readonly string[]): string | null;
  /** The state of an emulated TPM, a folder named by the UUID of its VM. */
  tpm(path: string, uuid: string): string | null;
}

/** Deletes what libvirt has no call for. Only below libvirt's own folders, or what a definition of the VM names; never through a link. */
export const fileRemover: Remover = {
  nvram(path, definitions) {
    if (!isPlain(path)) return `${path} is no path that passcheck deletes`;
    if (!isBelow(path, NVRAM_FOLDER) && !definitions.some((xml) => namesNvram(xml, path))) {
      return `${path} is not in a folder of libvirt, and no definition of the VM names it: look at it, and delete it by hand`;
    }
    return removed(path, 'file');
  },
  tpm(path, uuid) {
    if (!isPlain(path) || basename(path) !== uuid || !isBelow(path, TPM_FOLDER)) {
      return `${path} is not where libvirt keeps the TPM of ${uuid}: look at it, and delete it by hand`;
    }
    return removed(path, 'folder');
  },
};

/** Of the system and of each user: /var/lib/libvirt/qemu/nvram, ~/.config/libvirt/qemu/nvram. */
const NVRAM_FOLDER = /\/libvirt\/qemu\/nvram$/;
/** /var/lib/libvirt/swtpm, ~/.config/libvirt/qemu/swtpm. */
const TPM_FOLDER = /\/libvirt\/(?:qemu\/)?swtpm$/;

function isPlain(path: string): boolean {
  return path.startsWith('/') && normalize(path) === path && !path.endsWith('/') && !/\p{Cc}/u.test(path);
}

function isBelow(path: string, folder: RegExp): boolean {
  return folder.test(dirname(path));
}

function namesNvram(xml: string, path: string): boolean {
  try {
    const nvram = first(parseXml(xml), 'os', 'nvram');
    return nvram?.text.trim() === path || attribute(nvram === undefined ? undefined : first(nvram, 'source'), 'file') === path;
  } catch (error) {
    if (error instanceof DomainXmlError) return false;
    throw error;
  }
}

/** A link in the way could lead to what is not ours, so each folder above has to be a real one. */
function removed(path: string, kind: 'file' | 'folder'): string | null {
  try {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    // It was never made, or an earlier try removed it.
    if (stat === undefined) return null;
    if (kind === 'file' ? !stat.isFile() : !stat.isDirectory()) return `${path} is no ${kind}: look at it, and delete it by hand`;
    const real = join(fs.realpathSync(dirname(path)), basename(path));
    if (real !== path) return `${path} is ${real} behind a link: look at it, and delete it by hand`;
    fs.rmSync(path, { recursive: kind === 'folder' });
    return null;
  } catch (error) {
    return `could not delete ${path}: ${writeFailure(error)}`;
  }
}
