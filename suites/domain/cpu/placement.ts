import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { pinningOf, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { pinsRemedy } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/placement',
  title: 'The definition says where the vCPUs run, not numad',
  severity: 'major',
  why: 'With placement="auto" libvirt asks numad for a NUMA node: without numad the domain does not start, and numad does not know where the GPU is.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-allocation'],
  applies: [passesDeviceThrough],
  evaluate(document) {
    const vcpu = first(document.root, 'vcpu');
    if (vcpu === undefined) return passWithout(document, 'no <vcpu>');
    if (attribute(vcpu, 'placement') !== 'auto') return passAt(document, vcpu);
    // Then nothing is left for numad to choose.
    const pinned = new Set(pinningOf(document).vcpus.map(({ id }) => id));
    const isPinned = vcpuPlaces(document).every(({ id }) => pinned.has(id));
    return failAt(document, { element: vcpu, attribute: 'placement' }, 'numad chooses where the vCPUs run', {
      expected: "placement='static'",
      remedy: pinsRemedy(document, "Set placement='static', and pin the vCPUs"),
      edits: isPinned ? [setAttribute(document, vcpu, 'placement', 'static')] : [],
    });
  },
});
