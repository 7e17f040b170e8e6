import type { Connection } from '../../libvirt/connection.ts';
import type { LiveVolume } from '../world.ts';
import { ask, batchWord, each, type Question, question } from './batch.ts';
import type { RealPath } from './disk-users.ts';
import { parseVolume } from './live-volume.ts';

type Image = Pick<LiveVolume, 'path' | 'backing'>;

/** QEMU itself goes deeper, no person does. */
const DEEPEST = 16;

/**
 * What is below images that are in none of the pools that were read: libvirt looks into those that are in any pool of its own. One more
 * process for each level that there is. Of others it is not known, and libvirt says nothing while their VM does not run.
 */
export async function imageChains(
  connection: Connection,
  paths: readonly string[],
  { known, real }: { readonly known: readonly Image[]; readonly real: RealPath },
): Promise<readonly Image[]> {
  const images = new Map(known.map((image) => [real(image.path), image]));
  let wanted = missing(paths, images, real);
  for (let depth = 0; depth < DEEPEST && wanted.length > 0; depth += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each level names the next
    const found = await ask(connection, each(wanted.map(imageAt)));
    for (const image of found) images.set(real(image.path), image);
    const below = found.flatMap(({ backing }) => backing ?? []);
    wanted = missing(below, images, real);
  }
  return [...images.values()];
}

/** Those that nothing is known of yet, each once. */
function missing(paths: readonly string[], known: ReadonlyMap<string, Image>, real: RealPath): readonly string[] {
  const places = new Map(paths.filter((path) => path.startsWith('/') && batchWord(path) !== null).map((path) => [real(path), path]));
  return [...places].filter(([at]) => !known.has(at)).map(([, path]) => path);
}

/** In no pool: nothing below it. */
function imageAt(path: string): Question<Image> {
  return question([`vol-dumpxml ${batchWord(path) ?? ''}`], ([answer]) => {
    return { path, backing: parseVolume('', answer?.stdout ?? '')?.backing ?? null };
  });
}
