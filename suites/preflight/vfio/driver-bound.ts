import { type CheckFacts, defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass, passWith } from '../../../src/engine/outcome.ts';
import { functionName } from '../../../src/facts/gpu-devices.ts';
import { hiddenManagement, type HostUse, hostUse, isManagedByLibvirt } from '../../../src/facts/host-use.ts';
import { isIommuInForce } from '../../../src/facts/iommu.ts';
import { moduleName } from '../../../src/facts/modprobe-config.ts';
import { moduleState } from '../../../src/facts/modules.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { matchesVfioPciId, vfioPciIds } from '../../../src/facts/vfio-pci-ids.ts';
import { bindingRemedy } from '../vfio-remedy.ts';

type Facts = CheckFacts<
  'passthrough' | 'pciDevices',
  'displays' | 'domains' | 'iommu' | 'modprobeConfig' | 'kernel' | 'modules' | 'platform'
>;

export default defineCheck({
  id: 'preflight/vfio/driver-bound',
  title: 'Every function of the GPU is bound to vfio-pci',
  severity: 'blocker',
  needs: ['passthrough', 'pciDevices'],
  wants: ['displays', 'domains', 'iommu', 'modprobeConfig', 'kernel', 'modules', 'platform'],
  why: 'QEMU can only take a device that vfio-pci holds. libvirt binds managed devices itself, but a display driver that is in use does not let go.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate: (facts) =>
    facts.passthrough.gpus.flatMap((gpu) =>
      gpu.functions.map((device) => ({ subject: device.address, outcome: judge(gpu, device, facts) })),
    ),
});

function judge(gpu: SelectedGpu, device: PciDevice, facts: Facts): Outcome {
  const use = hostUse(device, facts.displays);
  const source = `/sys/bus/pci/devices/${device.address}/driver`;
  const isManaged = isManagedByLibvirt(gpu, device, facts.domains);
  if (use.kind === 'vfio') return pass({ source, observed: use.driver });
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
  const inUse: Evidence[] = use.kind === 'in-use' ? [{ source: use.source, observed: use.observed }] : [];
  return fail(`${device.address} (${functionName(device)}) is held by ${use.driver}: ${reasonOf(device, use, facts)}`, {
    evidence: [{ source, observed: use.driver ?? 'another driver', expected: 'vfio-pci' }, ...inUse, ...idEvidence(device, facts)],
    remedy: bindingRemedy(gpu.functions, facts),
    severity: isManaged && use.kind === 'idle' ? 'major' : 'blocker',
  });
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
  const module = MODULE_OF_DRIVER[use.driver ?? ''] ?? moduleName(use.driver ?? '');
  const { modules } = facts;
  if (modules.ok && modules.value.builtIn.state === 'ok' && modules.value.builtIn.value.has(module))
    return `${module} is built into the kernel and was there first`;
  if (!facts.modprobeConfig.ok || !facts.kernel.ok) return 'it was there first';
  if (namedIds(device, facts).length > 0) return 'it was loaded before vfio-pci';
  return `nothing gives ${device.vendor}:${device.device} to vfio-pci`;
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
