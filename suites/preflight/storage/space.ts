import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import type { DiskImage, ImageFolder, Storage } from '../../../src/facts/storage.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

const GIB = 1024 ** 3;
/** https://support.microsoft.com/windows/windows-11-system-requirements-86c11283-ea52-4782-9efd-7674389a7ba3 */
const WINDOWS_11_BYTES = 64 * GIB;

export default defineCheck({
  id: 'preflight/storage/space',
  title: 'There is room for what the guest’s disks may grow to',
  severity: 'major',
  needs: ['storage'],
  why: 'When the host’s file system is full, QEMU pauses the guest in the middle of a write.',
  sources: [
    'https://support.microsoft.com/windows/windows-11-system-requirements-86c11283-ea52-4782-9efd-7674389a7ba3',
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
  ],
  evaluate({ storage }) {
    const { images, domains, elsewhere } = storage;
    const judged = images.length > 0 ? judgeImages(storage) : null;
    if (judged?.status === 'fail') return judged;
    if (elsewhere.length > 0)
      return couldNotLook(`virsh dumpxml ${elsewhere[0]}`, 'it names a disk by pool or network', 'look at `virsh pool-list --details`');
    if (judged !== null) return judged;
    if (domains.ok && domains.value.length > 0) return notApplicable(`${domains.value.join(', ')}: no disk in a file of this host`);
    return judgeNewGuest(storage);
  },
});

/** Disks on one file system share its room. */
function judgeImages({ images, folders }: Storage): Outcome {
  const hidden = images.find(({ fileBytes, guestBytes }) => fileBytes.state === 'unreadable' || guestBytes.state === 'unreadable');
  if (hidden !== undefined) return couldNotLook(hidden.path, reasonOf(hidden), 'run passcheck as root');
  const unseen = folders.find(({ space }) => space.state !== 'ok');
  if (unseen !== undefined) return spaceHidden(unseen);
  const fileSystems = new Set(folders.map(fileSystemOf));
  const evidence: Evidence[] = [];
  for (const fileSystem of fileSystems) {
    const group = folders.filter((folder) => fileSystemOf(folder) === fileSystem);
    const paths = group.map(({ path }) => path);
    const here = images.filter(({ path }) => paths.includes(path.slice(0, path.lastIndexOf('/')) || '/'));
    const needed = here.reduce((sum, image) => sum + growth(image), 0);
    const free = Math.min(...group.map(availableBytes));
    const names = [...new Set(here.map(({ domain }) => domain))].join(', ');
    if (free < needed) return tooSmall(paths.join(', '), free, needed, `the disks of ${names} may still grow by`);
    evidence.push({ source: paths.join(', '), observed: `${inGiB(free)} free`, expected: `${inGiB(needed)} for ${names}` });
  }
  const [first, ...others] = evidence;
  return pass(first ?? { source: 'disks', observed: 'none' }, ...others);
}

/** Where mounts are unknown, all folders count as one. */
function fileSystemOf({ mount }: ImageFolder): string {
  return mount?.target ?? '';
}

/** An image that is not there yet will be that of a new guest; a raw one counts as written in full. */
function growth({ fileBytes, guestBytes }: DiskImage): number {
  if (fileBytes.state !== 'ok' || guestBytes.state !== 'ok') return WINDOWS_11_BYTES;
  return Math.max(0, guestBytes.value - fileBytes.value);
}

function judgeNewGuest({ folders, pools }: Storage): Outcome {
  if (folders.length === 0) return notApplicable('Proxmox VE keeps the disks of its VMs in storages of its own: see `pvesm status`');
  const [best] = folders.toSorted((a, b) => availableBytes(b) - availableBytes(a));
  if (best?.space.state === 'ok' && availableBytes(best) >= WINDOWS_11_BYTES) {
    return pass({
      source: best.path,
      observed: `${inGiB(availableBytes(best))} free`,
      expected: `${inGiB(WINDOWS_11_BYTES)} for Windows 11`,
    });
  }
  if (pools.state === 'unreadable') return couldNotLook('the storage pools of libvirt', pools.detail, 'run passcheck as root');
  const unseen = folders.find(({ space }) => space.state !== 'ok');
  if (unseen !== undefined || best === undefined) return spaceHidden(unseen);
  return tooSmall(best.path, availableBytes(best), WINDOWS_11_BYTES, 'Windows 11 asks for a disk of');
}

function tooSmall(path: string, free: number, needed: number, what: string): Outcome {
  return fail(`${path}: ${inGiB(free)} free, ${what} ${inGiB(needed)}`, {
    evidence: [{ source: path, observed: `${inGiB(free)} free`, expected: inGiB(needed) }],
    remedy: { summary: 'Free space there, or keep the disk images on a larger file system', steps: [{ run: `df -h ${shellWord(path)}` }] },
  });
}

function spaceHidden(folder: ImageFolder | undefined): Outcome {
  const reason = folder?.space.state === 'unreadable' ? folder.space.detail : 'not there';
  return couldNotLook(folder?.existing ?? '/', reason, `look at \`df -h ${folder?.existing ?? '/'}\``);
}

function availableBytes({ space }: ImageFolder): number {
  return space.state === 'ok' ? space.value.availableBytes : 0;
}

function reasonOf({ fileBytes, guestBytes }: DiskImage): string {
  const [hidden] = [fileBytes, guestBytes].flatMap((reading) => (reading.state === 'unreadable' ? [reading.detail] : []));
  return hidden ?? 'hidden';
}

/** Rounded down, so that what is shown as free is there. */
function inGiB(bytes: number): string {
  return `${Math.floor((bytes / GIB) * 10) / 10} GiB`;
}
