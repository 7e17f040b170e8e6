import type { DomainDocument } from '../../../src/domain/document.ts';
import { type HostDevice, hostDevices } from '../../../src/domain/host-devices.ts';
import { parsePciAddress, pciAddressAttributes } from '../../../src/domain/pci-address.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome } from '../../../src/engine/outcome.ts';
import { functionName } from '../../../src/facts/gpu-devices.ts';
import { isInTheWay } from '../../../src/facts/host-use.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { givesHostDevice, passthroughOf, sourceSpot } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/all-functions',
  title: 'Every function of the GPU is given to the domain with it',
  severity: 'blocker',
  host: ['pciDevices'],
  applies: [givesHostDevice],
  why: 'Sound, USB-C and graphics of a card share one slot and mostly one IOMMU group: while the host holds one of them, the domain does not start, or the card does not survive its reset.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices }) {
    const given = new Map(hostDevices(document).map((device) => [device.address, device]));
    return passthroughOf(document, pciDevices).gpus.map((gpu) => judge(document, gpu, given));
  },
});

function judge(document: DomainDocument, gpu: SelectedGpu, given: ReadonlyMap<string | null, HostDevice>): Outcome {
  const spot = given.get(gpu.address);
  const missing = gpu.functions.filter(({ address }) => !given.has(address));
  const at = spot === undefined ? document.root : sourceSpot(spot);
  if (missing.length === 0) return passAt(document, at);
  const hidden = missing.find(({ driver }) => driver.state === 'unreadable');
  if (hidden?.driver.state === 'unreadable')
    return couldNotLook(`/sys/bus/pci/devices/${hidden.address}/driver`, hidden.driver.detail, 'Record the host again, as root');
  const graphics = gpu.functions.find(({ address }) => address === gpu.address);
  const names = missing.map(({ address }) => address).join(', ');
  return failAt(document, at, `${gpu.address} is given without ${missing.map(describe).join(', ')}`, {
    expected: gpu.functions.map(({ address }) => address).join(', '),
    remedy: xmlRemedy(document, `Give the domain ${names} as well`, {
      inside: '<devices>',
      write: missing.map(({ address }) => hostdev(address)).join('\n'),
    }),
    evidence: missing.map(({ address, driver }) => ({
      source: `/sys/bus/pci/devices/${address}/driver`,
      observed: driver.state === 'ok' ? driver.value : 'no driver',
    })),
    severity: missing.some((device) => isInTheWay(device, graphics)) ? 'blocker' : 'major',
  });
}

function describe(device: PciDevice): string {
  const driver = device.driver.state === 'ok' ? `held by ${device.driver.value}` : 'without driver';
  return `${device.address} (${functionName(device)}, ${driver})`;
}

function hostdev(text: string): string {
  const address = parsePciAddress(text);
  const attributes = address === null ? '' : ` ${pciAddressAttributes(address)}`;
  return `<hostdev mode='subsystem' type='pci' managed='yes'><source><address${attributes}/></source></hostdev>`;
}
