import { type CheckFacts, defineCheck } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type Remedy,
} from '../../../src/engine/outcome.ts';
import { functionName } from '../../../src/facts/gpu-devices.ts';
import { hiddenManagement, type HostUse, hostUse, isLeftWithHost, isManagedByLibvirt } from '../../../src/facts/host-use.ts';
import { isIommuInForce } from '../../../src/facts/iommu.ts';
import { moduleName } from '../../../src/facts/modprobe-config.ts';
import { moduleState } from '../../../src/facts/modules.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import { isDisplay, type PciDevice } from '../../../src/facts/pci-devices.ts';
import { matchesVfioPciId, vfioPciIds } from '../../../src/facts/vfio-pci-ids.ts';
import { onlyDisplay } from '../only-display.ts';
import { bindingRemedy, overrideRemedy } from '../vfio-remedy.ts';

type Facts = CheckFacts<
  'passthrough' | 'pciDevices',
  'displays' | 'domains' | 'iommu' | 'libvirtHooks' | 'modprobeConfig' | 'kernel' | 'modules' | 'platform'
>;

export default defineCheck({
  id: 'preflight/vfio/driver-bound',
  title: 'Every function of the GPU is bound to vfio-pci',
  severity: 'blocker',
  needs: ['passthrough', 'pciDevices'],
  wants: ['displays', 'domains', 'iommu', 'libvirtHooks', 'modprobeConfig', 'kernel', 'modules', 'platform'],
  why: 'QEMU can only take a device that vfio-pci holds. libvirt binds managed devices itself, but a display driver that is in use does not let go.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate: (facts) =>
    facts.passthrough.gpus.flatMap((gpu) =>
      gpu.functions.map((device) => ({ subject: device.address, outcome: judge(gpu, device, facts) })),
    ),
});

function judge(gpu: SelectedGpu, device: PciDevice, facts: Facts): Outcome {
  const use = hostUse(device, facts.displays);
  const isManaged = isManagedByLibvirt(gpu, device, facts.domains);
  if (use.kind === 'vfio') return pass({ source: driverOf(device), observed: use.driver });
  if (isLeftWithHost(gpu, device, facts.domains))
    return notApplicable('it stays behind without standing in the way: see preflight/gpu/all-functions');
  if ((device.numVfs ?? 0) > 0) return judgeDivided(device);
  const hidden = use.kind === 'in-use' ? null : hiddenManagement(gpu, facts.domains);
  if (hidden !== null)
    return couldNotLook(
      hidden.source,
      `${hidden.reason}: libvirt may bind it at the start`,
      hidden.hint ?? 'Run passcheck as a user who may ask libvirt',
    );
  if (use.kind === 'free') return judgeFree(gpu, device, isManaged, facts);
  // Whoever does not leave the binding to libvirt needs no answer to what else the device is used for.
  if (use.kind === 'unknown' && (use.driver === null || isManaged))
    return couldNotLook(use.source, use.reason, 'Run passcheck on the host itself, as root');
  return judgeHeld({ gpu, device, use, isManaged }, facts);
}

interface Held {
  readonly gpu: SelectedGpu;
  readonly device: PciDevice;
  readonly use: Exclude<HostUse, { kind: 'free' | 'vfio' }>;
  readonly isManaged: boolean;
}

function judgeHeld({ gpu, device, use, isManaged }: Held, facts: Facts): Outcome {
  const inUse: Evidence[] = use.kind === 'in-use' ? [{ source: use.source, observed: use.observed }] : [];
  const evidence = [
    { source: driverOf(device), observed: use.driver ?? 'another driver', expected: 'vfio-pci' },
    ...inUse,
    ...idEvidence(device, facts),
  ] as const;
  const message = `${device.address} (${functionName(device)}) is held by ${use.driver}`;
  const graphics = gpu.functions.find(({ address }) => address === gpu.address) ?? device;
  const isShowing = hostUse(graphics, facts.displays).kind === 'in-use' && namedIds(graphics, facts).length === 0;
  // Bound at boot, the only display would leave the host without a picture.
  if (isShowing && onlyDisplay(facts.pciDevices, gpu, facts.libvirtHooks).kind !== 'no')
    return notApplicable('the GPU shows the only picture of the host, and that comes first: see preflight/gpu/not-host-display');
  if (isManaged && use.kind === 'idle')
    return fail(`${message} until libvirt takes it when the virtual machine starts`, {
      evidence,
      remedy: releaseRemedy(gpu, device, facts),
      severity: 'major',
    });
  return fail(`${message}: ${reasonOf(device, use, facts)}`, {
    evidence,
    remedy: remedyFor(gpu, device, use, facts),
    severity: 'blocker',
  });
}

/** A driver that something has open does not let go: libvirt then waits for ever. */
function releaseRemedy(gpu: SelectedGpu, device: PciDevice, facts: Facts): Remedy {
  const { summary, steps = [] } = bindingRemedy(gpu.functions, facts);
  const nodes = isDisplay(device) ? `/dev/dri/by-path/pci-${device.address}-* /dev/nvidia*` : '/dev/snd/*';
  return {
    summary: `See that nothing has it open before the start; or ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`,
    steps: [{ text: 'shows what has it open', run: `fuser -v ${nodes}` }, ...steps],
  };
}

/** An id cannot win against a driver that is there before any module. */
function remedyFor(gpu: SelectedGpu, device: PciDevice, use: HostUse, facts: Facts): Remedy {
  const isBuiltIn = facts.modules.ok && moduleState(facts.modules.value, 'vfio_pci') === 'built-in';
  if (use.kind === 'free' || use.kind === 'vfio' || isBuiltIn || !isRivalBuiltIn(use.driver, facts))
    return bindingRemedy(gpu.functions, facts);
  return overrideRemedy([device], facts.platform);
}

/** vfio-pci refuses a physical function whose virtual functions are there. drivers/vfio/pci/vfio_pci_core.c */
function judgeDivided({ address, numVfs }: PciDevice): Outcome {
  const source = `/sys/bus/pci/devices/${address}/sriov_numvfs`;
  return fail(`${address} has ${numVfs} virtual functions, and vfio-pci refuses a device that is divided`, {
    evidence: [{ source, observed: `${numVfs}`, expected: '0' }],
    remedy: {
      summary: 'Pass a virtual function instead, or switch them off, there and where they are switched on at boot',
      steps: [{ run: `echo 0 > ${source}` }],
    },
  });
}

function driverOf({ address }: PciDevice): string {
  return `/sys/bus/pci/devices/${address}/driver`;
}

function judgeFree(gpu: SelectedGpu, device: PciDevice, isManaged: boolean, facts: Facts): Outcome {
  const observed = device.driver.state === 'ok' ? device.driver.value : 'no driver';
  const evidence: Evidence = { source: `/sys/bus/pci/devices/${device.address}/driver`, observed };
  if (isManaged) return passWith('no driver of the host holds it, and libvirt binds it when the virtual machine starts', evidence);
  // vfio-pci refuses a device without an IOMMU group, whatever is configured.
  if (observed === 'no driver' && facts.iommu.ok && !isIommuInForce(facts.iommu.value))
    return notApplicable('vfio-pci takes no device while the IOMMU is off: see preflight/iommu/enabled');
  const holder = observed === 'no driver' ? 'it has no driver' : `${observed} holds it`;
  return fail(`${device.address} (${functionName(device)}) is not bound to vfio-pci: ${holder}`, {
    evidence: [{ ...evidence, expected: 'vfio-pci' }, ...idEvidence(device, facts)],
    remedy: bindingRemedy(gpu.functions, facts),
  });
}

/** Why another driver has it, as far as the configuration tells. */
function reasonOf(device: PciDevice, use: Exclude<HostUse, { kind: 'free' | 'vfio' }>, facts: Facts): string {
  if (isRivalBuiltIn(use.driver, facts)) return `${moduleOf(use.driver)} is built into the kernel and was there first`;
  if (!facts.modprobeConfig.ok || !facts.kernel.ok) return 'it was there first';
  if (namedIds(device, facts).length > 0) return 'it was loaded before vfio-pci';
  return `nothing gives ${device.vendor}:${device.device} to vfio-pci`;
}

function isRivalBuiltIn(driver: string | null, { modules }: Facts): boolean {
  return modules.ok && modules.value.builtIn.state === 'ok' && modules.value.builtIn.value.has(moduleOf(driver));
}

function moduleOf(driver: string | null): string {
  return MODULE_OF_DRIVER[driver ?? ''] ?? moduleName(driver ?? '');
}

/** Drivers whose module has another name. */
const MODULE_OF_DRIVER: Readonly<Record<string, string>> = { xhci_hcd: 'xhci_pci', 'nvidia-gpu': 'i2c_nvidia_gpu' };

function namedIds(device: PciDevice, { modprobeConfig, kernel, modules }: Facts) {
  if (!modprobeConfig.ok || !kernel.ok) return [];
  const isBuiltIn = modules.ok && moduleState(modules.value, 'vfio_pci') === 'built-in';
  return vfioPciIds(modprobeConfig.value, kernel.value, { isBuiltIn }).filter((id) => matchesVfioPciId(id, device));
}

function idEvidence(device: PciDevice, facts: Facts): Evidence[] {
  return namedIds(device, facts).map(({ source, text }) => ({ source, observed: `vfio-pci ids=… ${text}` }));
}
