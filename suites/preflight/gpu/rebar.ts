import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { perGpu } from '../../../src/engine/per-gpu.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { GpuAttributes } from '../../../src/facts/gpu-attributes.ts';
import { kernelAtLeast } from '../../../src/facts/kernel.ts';
import type { PciConfigSpace } from '../../../src/facts/pci-config-space.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import type { Reading } from '../../../src/host/reading.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';

const MIB = 1024 * 1024;
const NONE = 'the card has no window that can be resized';

export default defineCheck({
  id: 'preflight/gpu/rebar',
  title: 'The memory window of the GPU has its full size (Resizable BAR)',
  severity: 'info',
  needs: ['passthrough', 'gpuAttributes'],
  wants: ['pciConfig', 'cpu', 'kernel'],
  why: 'QEMU shows the guest the window that the host set up and cannot enlarge it: a small one costs some frames in some games.',
  sources: ['https://docs.kernel.org/admin-guide/abi-testing.html'],
  evaluate: ({ passthrough, gpuAttributes, pciConfig, cpu, kernel }) =>
    perGpu(passthrough, (_gpu, device) => {
      const attributes = gpuAttributes.find(({ address }) => address === device.address);
      const space = pciConfig.ok ? pciConfig.value.get(device.address) : undefined;
      const tellsSizes = kernel.ok && kernelAtLeast(kernel.value, 6, 1) === true;
      return judge({ device, attributes, space, cpu, tellsSizes });
    }),
});

interface Window {
  readonly index: number;
  readonly currentMiB: number;
  readonly largestMiB: number;
  readonly source: string;
}

interface Situation {
  readonly device: PciDevice;
  readonly attributes: GpuAttributes | undefined;
  readonly space: Reading<PciConfigSpace> | undefined;
  readonly cpu: Attempt<Cpu>;
  /** The kernel has a file for each window that can be resized: where none is, none can be. */
  readonly tellsSizes: boolean;
}

function judge({ device, attributes, space, cpu, tellsSizes }: Situation): Outcome {
  const [window] = [...windowsOfAttributes(device, attributes), ...windowsOfConfig(device, space)].toSorted(
    (a, b) => b.largestMiB - a.largestMiB,
  );
  if (window === undefined) {
    const hidden = attributes?.resizableBars.some(({ sizesMiB }) => sizesMiB.state === 'unreadable') ?? true;
    return tellsSizes && !hidden ? notApplicable(NONE) : nothingResizable(device, space);
  }
  const { index, currentMiB, largestMiB, source } = window;
  if (currentMiB >= largestMiB) return pass({ source, observed: `window ${index}: ${currentMiB} MiB` });
  const vendor = cpu.ok && cpu.value.vendor !== 'other' ? cpu.value.vendor : null;
  return fail(`window ${index} is ${currentMiB} MiB, the card offers ${largestMiB} MiB`, {
    evidence: [{ source, observed: `${currentMiB} MiB`, expected: `${largestMiB} MiB` }],
    remedy: { summary: 'Switch Resizable BAR on in the firmware setup', steps: firmwareSetupSteps('above-4g-decoding', vendor) },
  });
}

/** Kernel 6.1 and later tell everyone. */
function windowsOfAttributes({ address, bars }: PciDevice, attributes: GpuAttributes | undefined): Window[] {
  return (attributes?.resizableBars ?? []).flatMap(({ index, sizesMiB }) => {
    const bar = bars.find((one) => one.index === index);
    if (bar === undefined || sizesMiB.state !== 'ok' || sizesMiB.value.length === 0) return [];
    const source = `/sys/bus/pci/devices/${address}/resource${index}_resize`;
    return [{ index, currentMiB: bar.sizeBytes / MIB, largestMiB: Math.max(...sizesMiB.value), source }];
  });
}

/** The capability itself, which only root sees. */
function windowsOfConfig({ address }: PciDevice, space: Reading<PciConfigSpace> | undefined): Window[] {
  if (space?.state !== 'ok' || space.value.capabilities.state !== 'ok') return [];
  const { resizableBars } = space.value.capabilities.value;
  if (resizableBars.state !== 'ok') return [];
  return resizableBars.value
    .filter(({ sizes }) => sizes.length > 0)
    .map(({ bar, sizes, current }) => {
      const source = `/sys/bus/pci/devices/${address}/config`;
      return { index: bar, currentMiB: current / MIB, largestMiB: Math.max(...sizes) / MIB, source };
    });
}

function nothingResizable({ address }: PciDevice, space: Reading<PciConfigSpace> | undefined): Outcome {
  const source = `/sys/bus/pci/devices/${address}/config`;
  if (space?.state !== 'ok')
    return couldNotLook(source, space?.state === 'unreadable' ? space.detail : 'not read', 'Run passcheck as root');
  const { capabilities } = space.value;
  if (capabilities.state !== 'ok')
    return couldNotLook(source, capabilities.state === 'unreadable' ? capabilities.detail : 'not there', 'Run passcheck as root');
  const { resizableBars } = capabilities.value;
  if (resizableBars.state === 'unreadable') return couldNotLook(source, resizableBars.detail, 'Run passcheck as root');
  return notApplicable(NONE);
}
