import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { Spec } from '../model.ts';
import { readSize } from '../size.ts';
import { volumeFile } from '../volume-file.ts';
import { repeated, unknownName, vmsOf, wrongAt } from './place.ts';

/** What is wrong with pools, volumes, the disks and images of VMs, and the files of their firmware. */
export function wrongStorage(spec: Spec): MeaningProblem[] {
  return [...wrongPools(spec), ...wrongVolumes(spec), ...wrongDisks(spec), ...wrongMedia(spec), ...wrongNvram(spec)];
}

/** `/a//b/` → `/a/b` */
function plainPath(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/\/$/, '');
}

/** Sorted with a slash at their ends, what is inside of a folder comes right behind it. */
function wrongPools({ pools }: Spec): MeaningProblem[] {
  const problems: MeaningProblem[] = [];
  const open: { name: string; path: string }[] = [];
  const all = Object.entries(pools).map(([name, pool], order) => ({ name, path: `${plainPath(pool.path)}/`, order }));
  for (const pool of all.toSorted((a, b) => compare(a.path, b.path) || a.order - b.order)) {
    const path = ['pools', pool.name, 'path'];
    if (pool.path === '/') {
      problems.push(wrongAt(path, '/ is no folder for volumes: give the pool one of its own'));
      continue;
    }
    let outer = open.at(-1);
    while (outer !== undefined && !pool.path.startsWith(outer.path)) {
      open.pop();
      outer = open.at(-1);
    }
    if (outer?.path === pool.path) problems.push(wrongAt(path, `is the folder of pool ${outer.name}`));
    else if (outer !== undefined) problems.push(wrongAt(path, `is inside of pool ${outer.name}, ${outer.path.slice(0, -1)}`));
    open.push(pool);
  }
  return problems;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const KIB = 1024;

function wrongVolumes({ pools, volumes }: Spec): MeaningProblem[] {
  const all = Object.entries(volumes).map(([name, volume]) => ({ name, volume, file: volumeFile(name, volume) }));
  return [
    ...all.flatMap(({ name, volume: { pool, size } }) => [
      ...(Object.hasOwn(pools, pool)
        ? []
        : [wrongAt(['volumes', name, 'pool'], unknownName('pool', pool, Object.keys(pools), 'declare it under pools'))]),
      ...wrongCapacity(['volumes', name, 'size'], size),
    ]),
    ...repeated(all, ({ volume, file }) => `${volume.pool} ${file}`).map(({ thing: { name, volume, file }, first }) =>
      wrongAt(['volumes', name, volume.file === undefined ? 'pool' : 'file'], `${file} is the file of volume ${first.name}`),
    ),
  ];
}

function wrongCapacity(path: readonly PropertyKey[], size: string): MeaningProblem[] {
  const bytes = readSize(size);
  if (bytes === null) return [wrongAt(path, `${size} is more than a disk can have`)];
  // qcow2 has sectors of 512 bytes, and would round it.
  return bytes % KIB === 0 && bytes > 0 ? [] : [wrongAt(path, `${size} has to be a whole number of KiB`)];
}

function wrongDisks(spec: Spec): MeaningProblem[] {
  const disks = vmsOf(spec).flatMap(({ name, vm }) =>
    vm.disks.map(({ volume }, index) => ({ vm: name, volume, path: ['vms', name, 'disks', index, 'volume'] })),
  );
  const known = Object.keys(spec.volumes);
  return [
    ...disks
      .filter(({ volume }) => !Object.hasOwn(spec.volumes, volume))
      .map(({ volume, path }) => wrongAt(path, unknownName('volume', volume, known, 'declare it under volumes'))),
    ...repeated(disks, ({ volume }) => volume).map(({ thing, first }) =>
      wrongAt(
        thing.path,
        `volume ${thing.volume} is a disk of ${first.vm}${first.vm === thing.vm ? ' already' : ': two VMs would destroy it'}`,
      ),
    ),
  ];
}

function wrongMedia(spec: Spec): MeaningProblem[] {
  const known = Object.keys(spec.media);
  return vmsOf(spec).flatMap(({ name, vm: { media } }) => {
    const placed = media.map((image, index) => ({ image, path: ['vms', name, 'media', index] }));
    return [
      ...placed
        .filter(({ image }) => !Object.hasOwn(spec.media, image))
        .map(({ image, path }) => wrongAt(path, unknownName('image', image, known, 'declare it under media'))),
      ...repeated(placed, ({ image }) => image).map(({ thing: { image, path } }) =>
        wrongAt(path, `${image} is in a drive of this VM already`),
      ),
    ];
  });
}

/** The firmware of each VM writes into a file of its own. */
function wrongNvram(spec: Spec): MeaningProblem[] {
  const taken = new Map([
    ...Object.entries(spec.media).map(([name, path]) => [plainPath(path), `image ${name}`] as const),
    ...Object.entries(spec.volumes).flatMap(([name, volume]) => {
      const pool = Object.hasOwn(spec.pools, volume.pool) ? spec.pools[volume.pool] : undefined;
      return pool === undefined ? [] : [[`${plainPath(pool.path)}/${volumeFile(name, volume)}`, `volume ${name}`] as const];
    }),
  ]);
  const files = vmsOf(spec).flatMap(({ name, vm }) =>
    vm.nvram === undefined ? [] : [{ name, vm, file: plainPath(vm.nvram), path: ['vms', name, 'nvram'] }],
  );
  return [
    ...files.filter(({ vm }) => vm.firmware === 'bios').map(({ path }) => wrongAt(path, 'firmware bios has no NVRAM: take it out')),
    ...files.flatMap(({ file, path }) => {
      const owner = taken.get(file);
      return owner === undefined ? [] : [wrongAt(path, `${file} is ${owner}`)];
    }),
    ...repeated(files, ({ file }) => file).map(({ thing, first }) => wrongAt(thing.path, `${thing.file} is the NVRAM of ${first.name}`)),
  ];
}
