import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices } from '../../../src/domain/host-devices.ts';
import { pciAddressText } from '../../../src/domain/pci-address.ts';
import { machineType } from '../../../src/domain/machine-type.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/q35',
  title: 'The machine is q35, which has PCI Express',
  severity: 'major',
  applies: [passesDeviceThrough],
  why: 'On i440FX the GPU is a conventional PCI device: drivers see no PCIe link, and there is no firmware with Secure Boot for it, which Windows 11 asks for.',
  sources: [
    'https://libvirt.org/formatdomain.html#operating-system-booting',
    'https://gitlab.com/qemu-project/qemu/-/blob/master/docs/pcie.txt',
    'https://pve.proxmox.com/wiki/PCI_Passthrough',
    'https://gitlab.com/qemu-project/qemu/-/blob/master/docs/igd-assign.txt',
  ],
  evaluate(document) {
    const { name, chipset, element } = machineType(document.root);
    const spot = element ?? document.root;
    if (chipset === 'q35') return passAt(document, spot);
    if (chipset === 'other') return notApplicable(`the machine is ${(name ?? '').slice(0, 80)}`);
    if (isLegacyGraphics(document))
      return notApplicable('the graphics of an Intel processor at 00:02.0 of the guest (legacy mode) wanted i440FX before QEMU 10');
    const isWindows11 = document.guest.os === 'windows' && document.guest.version === '11';
    const message =
      name === null ? 'no machine is named, so libvirt takes i440FX' : `the machine is ${name.slice(0, 80)}, an i440FX without PCI Express`;
    return failAt(document, name === null ? spot : { element: spot, attribute: 'machine' }, message, {
      expected: 'q35',
      ...(isWindows11 ? {} : { severity: 'minor' }),
      // Not an edit: every address changes, and an installed guest meets a new mainboard.
      remedy: xmlRemedy(
        document,
        "Move the VM to q35 in a copy of the definition: write machine='q35' and take out every PCI <controller> and every <address type='pci'> that is no source, so that libvirt assigns them anew",
        { inside: '<os>', write: "<type arch='x86_64' machine='q35'>hvm</type>" },
      ),
    });
  },
});

/** The graphics of an Intel processor, given at the address at which the guest's own BIOS looks for them. docs/igd-assign.txt of QEMU */
function isLegacyGraphics(document: DomainDocument): boolean {
  const byLibvirt = hostDevices(document).some(
    ({ address, guest }) => address === '0000:00:02.0' && guest !== null && pciAddressText(guest) === '0000:00:02.0',
  );
  return (
    byLibvirt ||
    document.domain.qemuArguments.some(
      (argument) =>
        /\bvfio-pci\b.*\baddr=(?:0x)?0?2(?:\.0)?(?:,|$)/.test(argument.slice(0, 1000)) &&
        /\bhost=(?:0000:)?00:02\.0\b/.test(argument.slice(0, 1000)),
    )
  );
}
