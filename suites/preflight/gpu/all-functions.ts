import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotCollect, couldNotLook, fail, notApplicable, type Outcome, pass, type Severity } from '../../../src/engine/outcome.ts';
import { perGpu } from '../../../src/engine/per-gpu.ts';
import type { DefinedDomain } from '../../../src/facts/domains.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { functionName, isVfioDriver } from '../../../src/facts/gpu-devices.ts';
import { isInTheWay } from '../../../src/facts/host-use.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { bindingRemedy, type BindingSituation } from '../vfio-remedy.ts';

const LOOK = 'Run passcheck on the host itself, or record a new snapshot';

export default defineCheck({
  id: 'preflight/gpu/all-functions',
  title: 'Every function of the GPU goes to the virtual machine with it',
  severity: 'blocker',
  needs: ['passthrough', 'pciDevices'],
  wants: ['domains', 'platform', 'modprobeConfig', 'kernel', 'modules'],
  why: 'Sound, USB-C and graphics of a card share one slot and mostly one IOMMU group: while the host holds one of them, the virtual machine does not start, or the card does not survive its reset.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate: ({ passthrough, domains, ...situation }) =>
    perGpu(passthrough, (gpu) => {
      const given = domains.ok ? domains.value.filter(({ definition }) => gpu.domains.includes(definition.name)) : [];
      return given.length > 0 ? judgeDomains(gpu, given) : judgeBinding(gpu, situation, domains);
    }),
});

function judgeDomains(gpu: SelectedGpu, domains: readonly DefinedDomain[]): Outcome {
  for (const { definition } of domains) {
    const missing = gpu.functions.filter(({ address }) => !definition.pciDevices.some((given) => given.address === address));
    if (missing.length > 0) return leftOut(gpu, definition.name, missing);
  }
  const [first = '', ...more] = domains.map(({ definition }) => definition.name);
  const observed = `assigned: ${gpu.functions.map(({ address }) => address).join(', ')}`;
  return pass({ source: `virsh dumpxml ${first}`, observed }, ...more.map((name) => ({ source: `virsh dumpxml ${name}`, observed })));
}

function leftOut(gpu: SelectedGpu, domain: string, missing: readonly PciDevice[]): Outcome {
  const hidden = missing.find(({ driver }) => driver.state === 'unreadable');
  if (hidden?.driver.state === 'unreadable') return hiddenDriver(hidden, hidden.driver.detail);
  return fail(`${domain} is given ${gpu.address} without ${missing.map(describe).join(', ')}`, {
    evidence: [
      {
        source: `virsh dumpxml ${domain}`,
        observed: `not assigned: ${missing.map(({ address }) => address).join(', ')}`,
        expected: gpu.functions.map(({ address }) => address).join(', '),
      },
      ...missing.map(driverEvidence),
    ],
    remedy: {
      summary: `Assign ${missing.map(({ address }) => address).join(', ')} to ${domain} as well`,
      steps: [{ run: `virsh edit ${domain}` }, ...missing.map(({ address }) => ({ text: `inside <devices> add ${hostdev(address)}` }))],
    },
    severity: severityOf(gpu, missing),
  });
}

/** A function that the host holds in the GPU's group keeps the machine from starting; any other one only stays behind. */
function severityOf(gpu: SelectedGpu, missing: readonly PciDevice[]): Severity {
  const graphics = gpu.functions.find(({ address }) => address === gpu.address);
  return missing.some((device) => isInTheWay(device, graphics)) ? 'blocker' : 'major';
}

function judgeBinding(gpu: SelectedGpu, situation: BindingSituation, domains: Attempt<unknown>): Outcome {
  const hidden = gpu.functions.find(({ driver }) => driver.state === 'unreadable');
  if (hidden?.driver.state === 'unreadable') return hiddenDriver(hidden, hidden.driver.detail);
  const bound = gpu.functions.filter(({ driver }) => driver.state === 'ok' && isVfioDriver(driver.value));
  const missing = gpu.functions.filter((device) => !bound.includes(device));
  if (bound.length === 0 && !domains.ok) return couldNotCollect(domains.error, LOOK);
  if (bound.length === 0) return notApplicable('no function of it is assigned to a domain or bound to vfio-pci yet');
  const [first, ...more] = gpu.functions.map(driverEvidence);
  if (missing.length === 0 && first !== undefined) return pass(first, ...more);
  if (missing.some(({ address }) => address === gpu.address))
    return notApplicable('its graphics function is not on vfio-pci yet: see preflight/vfio/driver-bound');
  const [one, ...others] = missing.map((device) => ({ ...driverEvidence(device), expected: 'vfio-pci' }));
  return fail(`${missing.map(describe).join(', ')} ${missing.length === 1 ? 'does' : 'do'} not go with ${gpu.address}`, {
    evidence: [one ?? { source: gpu.address, observed: 'incomplete' }, ...others],
    remedy: bindingRemedy(gpu.functions, situation),
    severity: severityOf(gpu, missing),
  });
}

function hiddenDriver({ address }: PciDevice, reason: string): Outcome {
  return couldNotLook(`/sys/bus/pci/devices/${address}/driver`, reason, LOOK);
}

function describe(device: PciDevice): string {
  const driver = device.driver.state === 'ok' ? `held by ${device.driver.value}` : 'without driver';
  return `${device.address} (${functionName(device)}, ${driver})`;
}

function driverEvidence({ address, driver }: PciDevice): { source: string; observed: string } {
  return { source: `/sys/bus/pci/devices/${address}/driver`, observed: driver.state === 'ok' ? driver.value : 'no driver' };
}

function hostdev(address: string): string {
  const [domain = '', bus = '', slot = '', part = ''] = address.split(/[:.]/);
  const source = `domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${part}'`;
  return `<hostdev mode='subsystem' type='pci' managed='yes'><source><address ${source}/></source></hostdev>`;
}
