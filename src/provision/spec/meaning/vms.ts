import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { Spec, VmSpec } from '../model.ts';
import { readSize, sizeWords } from '../size.ts';
import { repeated, vmsOf, wrongAt } from './place.ts';

/** What is wrong with a VM by itself: memory, firmware, devices. */
export function wrongVms(spec: Spec): MeaningProblem[] {
  return vmsOf(spec).flatMap(({ name, vm }) => {
    const path = ['vms', name];
    return [...wrongMemory(path, vm), ...wrongFirmware(path, vm), ...wrongGpu(path, vm), ...wrongLookingGlass(path, vm)];
  });
}

const MIB = 1024 ** 2;
/** The page sizes of x86-64 beside 4 KiB. */
const PAGES = [2 * MIB, 1024 * MIB];
const LEAST_MEMORY = 64 * MIB;

function wrongMemory(path: readonly PropertyKey[], { memory, hugepages }: VmSpec): MeaningProblem[] {
  const bytes = readSize(memory);
  const place = [...path, 'memory'];
  if (bytes === null) return [wrongAt(place, `${memory} is more than a VM can have`)];
  if (bytes < LEAST_MEMORY) return [wrongAt(place, `${memory} is too little for a VM: at least ${sizeWords(LEAST_MEMORY)}`)];
  const page = typeof hugepages === 'string' ? readSize(hugepages) : null;
  if (typeof hugepages === 'string' && (page === null || !PAGES.includes(page)))
    return [wrongAt([...path, 'hugepages'], `there are no pages of ${hugepages}: ${PAGES.map(sizeWords).join(' or ')}`)];
  if (bytes % MIB !== 0) return [wrongAt(place, `${memory} has to be a whole number of MiB`)];
  const needed = hugepages === true ? 2 * MIB : page;
  if (needed === null || bytes % needed === 0) return [];
  return [wrongAt(place, `${memory} is no whole number of pages of ${sizeWords(needed)}`)];
}

function wrongFirmware(path: readonly PropertyKey[], { firmware, secureBoot }: VmSpec): MeaningProblem[] {
  if (firmware !== 'bios' || !secureBoot) return [];
  return [wrongAt([...path, 'secureBoot'], 'firmware bios has no Secure Boot: take it out, or firmware: uefi')];
}

function wrongGpu(path: readonly PropertyKey[], { gpu }: VmSpec): MeaningProblem[] {
  if (gpu === undefined) return [];
  const devices = gpu.devices.map((address, index) => ({ address, place: [...path, 'gpu', 'devices', index] }));
  const twice = repeated(devices, ({ address }) => address).map(({ thing: { address, place } }) =>
    wrongAt(place, `${address} is there already`),
  );
  const { length } = gpu.ids;
  if (length === 0 || length === devices.length) return twice;
  const words = `${length === 1 ? '1 id' : `${length} ids`} for ${devices.length === 1 ? '1 device' : `${devices.length} devices`}`;
  return [...twice, wrongAt([...path, 'gpu', 'ids'], `${words}: one for each, in the same order`)];
}

/** The largest of today's displays have half of it. */
const MOST_PIXELS = 16_384;

function wrongLookingGlass(path: readonly PropertyKey[], { lookingGlass }: VmSpec): MeaningProblem[] {
  const sides = (lookingGlass?.resolution ?? '').split('x').map(Number);
  if (sides.every((side) => side <= MOST_PIXELS)) return [];
  return [wrongAt([...path, 'lookingGlass', 'resolution'], `${lookingGlass?.resolution} is larger than any display`)];
}
