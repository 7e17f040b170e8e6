import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { pinningOf, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { vcpusOf } from '../../../src/domain/vcpus.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { nowhere, pinsRemedy, tuningElement, vcpuWords } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/vcpupin-all',
  title: 'Every vCPU is pinned to CPUs of the host',
  severity: 'major',
  wantsHost: ['cpuTopology'],
  why: 'The scheduler moves vCPUs without a pin from core to core, away from their caches and in front of each other: frames come late.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    const vcpu = first(document.root, 'vcpu');
    if (attribute(vcpu, 'placement') === 'auto') return notApplicable('numad chooses (see domain/cpu/placement)');
    const { max, enabled } = vcpusOf(document);
    if (enabled.length === 0) return notApplicable('the number of vCPUs is not known (see domain/cpu/vcpu-count)');
    const places = vcpuPlaces(document);
    const away = cpuTopology.ok ? nowhere(places, cpuTopology.value.online) : null;
    if (away !== null) return notApplicable(away.reason);
    const free = places.filter(({ pin }) => pin === null);
    const spot = tuningElement(document);
    if (free.length > 0) {
      const online = cpuTopology.ok ? cpuTopology.value.online.length : null;
      if (online !== null && enabled.length >= online)
        return notApplicable(
          `the guest has ${enabled.length} vCPUs, the host ${online} CPUs: there is nothing to choose (see domain/cpu/host-reserve)`,
        );
      const isAll = free.length === enabled.length;
      const message = isAll ? 'no vCPU is pinned' : `not pinned: ${vcpuWords(free.map(({ id }) => id))}`;
      return failAt(document, spot, message, {
        // A network card or a slice of a GPU alone is no reason to pin a guest.
        ...(passesMoreThanNetwork(document) ? {} : { severity: 'minor' as const }),
        expected: `<vcpupin> for ${vcpuWords(enabled)}`,
        remedy: pinsRemedy(document, 'Pin every vCPU to a CPU of its own'),
      });
    }
    const superfluous = pinningOf(document).vcpus.find(({ id }) => id !== null && id >= max);
    if (superfluous === undefined) return passAt(document, spot);
    return failAt(
      document,
      superfluous.element,
      `vCPU ${superfluous.id} is pinned, but the guest has ${max} vCPUs: libvirt ignores the pin`,
      {
        severity: 'minor',
        remedy: xmlRemedy(document, 'Remove pins of vCPUs that there are not, or give the guest more vCPUs'),
      },
    );
  },
});

function passesMoreThanNetwork({ root, domain }: DomainDocument): boolean {
  return domain.qemuArguments.length > 0 || all(root, 'devices', 'hostdev').some((device) => attribute(device, 'type') !== 'mdev');
}
