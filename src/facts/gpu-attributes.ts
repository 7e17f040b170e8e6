import { mapReading, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { passthrough } from './passthrough.ts';
import { readAttribute } from './read.ts';

/** What only the selected GPUs are asked for: one entry for each of their functions. */
export interface GpuAttributes {
  readonly address: string;
  /** Kernels before 5.15 name no reset methods: there the file `reset` says that the function can be reset somehow. */
  readonly hasResetFile: Reading<boolean>;
  /** Windows that can be resized, with the sizes that the card offers. Kernels before 6.1 do not tell. */
  readonly resizableBars: readonly ResizableBar[];
}

interface ResizableBar {
  readonly index: number;
  /** MiB, ascending; absent: this window cannot be resized. */
  readonly sizesMiB: Reading<readonly number[]>;
}

const DEVICES = '/sys/bus/pci/devices';

export const gpuAttributes = defineFact({
  id: 'gpuAttributes',
  needs: { passthrough },
  collect: (host, facts): readonly GpuAttributes[] =>
    facts.passthrough.gpus.flatMap(({ functions }) =>
      functions.map(({ address, bars }) =>
        readAttributes(
          host,
          address,
          bars.filter(({ prefetchable }) => prefetchable).map(({ index }) => index),
        ),
      ),
    ),
});

function readAttributes(host: HostSource, address: string, bars: readonly number[]): GpuAttributes {
  const folder = `${DEVICES}/${address}`;
  const reset = host.stat(`${folder}/reset`);
  return {
    address,
    hasResetFile: reset.state === 'absent' ? { state: 'ok', value: false } : mapReading(reset, () => true),
    resizableBars: bars.map((index) => ({
      index,
      sizesMiB: mapReading(readAttribute(host, `${folder}/resource${index}_resize`), parseResizeSizes),
    })),
  };
}

/** `resourceN_resize`: hex bitmap, bit n stands for 2^n MiB. https://docs.kernel.org/admin-guide/abi-testing.html (sysfs-bus-pci) */
export function parseResizeSizes(text: string): readonly number[] {
  if (!/^[0-9a-f]{1,16}$/i.test(text)) return [];
  const bitmap = BigInt(`0x${text}`);
  return Array.from({ length: 44 }, (_, bit) => bit)
    .filter((bit) => (bitmap & (1n << BigInt(bit))) !== 0n)
    .map((bit) => 2 ** bit);
}
