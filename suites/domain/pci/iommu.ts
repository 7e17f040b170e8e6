import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices } from '../../../src/domain/host-devices.ts';
import { locate, type Spot } from '../../../src/domain/locate.ts';
import { qemuDevices } from '../../../src/domain/qemu-devices.ts';
import { seenAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import enabled from '../../preflight/iommu/enabled.ts';
import interruptRemapping from '../../preflight/iommu/interrupt-remapping.ts';
import { passthroughOf, sourceSpot, unseen } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/iommu',
  title: 'The host has an IOMMU in force for the given devices, and it remaps their interrupts',
  severity: 'blocker',
  host: ['iommu'],
  wantsHost: ['pciDevices', 'interrupts', 'unsafeInterrupts', 'kernel', 'kernelConfig', 'kernelLog', 'platform', 'cpu'],
  why: 'VFIO gives a guest no device that no IOMMU keeps within the memory of the guest, and none whose interrupts are not remapped: the VM does not start.',
  sources: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
    'https://docs.kernel.org/arch/x86/iommu.html',
  ],
  evaluate(document, facts) {
    const spot = givenDevice(document);
    if (spot === null) return [];
    const passthrough = facts.pciDevices.ok
      ? ({ ok: true, value: passthroughOf(document, facts.pciDevices.value) } as const)
      : facts.pciDevices;
    const translated = one(enabled.evaluate({ ...facts, passthrough }));
    if (translated.status !== 'pass') return at(document, spot, translated);
    if (!facts.interrupts.ok) return unseen(facts.interrupts.error);
    return at(document, spot, one(interruptRemapping.evaluate({ ...facts, interrupts: facts.interrupts.value })));
  },
});

/** The first device that QEMU opens with VFIO; slices (mdev) do without the IOMMU where their driver translates for them. */
function givenDevice(document: DomainDocument): Spot | null {
  const [given] = hostDevices(document);
  if (given !== undefined) return sourceSpot(given);
  return qemuDevices(document).find(({ driver }) => driver === 'vfio-pci')?.element ?? null;
}

/** Of these checks each says one thing about the host. */
function one(said: ReturnType<typeof enabled.evaluate>): Outcome {
  if ('status' in said) return said;
  const [first] = said;
  return first === undefined ? { status: 'not-applicable', message: 'nothing is said of the host' } : first.outcome;
}

function at(document: DomainDocument, spot: Spot, outcome: Outcome): Outcome {
  if (outcome.status !== 'fail') return outcome;
  return { ...outcome, evidence: [seenAt(document, spot), ...outcome.evidence], location: locate(document, spot) };
}
