import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { insertChild } from '../../../src/domain/edit.ts';
import { featureState, type GuestCpu, guestCpu, isHostCpu } from '../../../src/domain/guest-cpu.ts';
import { threadsPerCore } from '../../../src/domain/guest-topology.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { type Cpu, CPUINFO } from '../../../src/facts/cpu.ts';

const FEATURE = "<feature policy='require' name='topoext'/>";

export default defineDomainRule({
  id: 'domain/cpu/topoext',
  title: 'A guest on AMD can tell its cores from their threads (topoext)',
  severity: 'major',
  host: ['cpu'],
  why: 'Without topoext a guest on AMD takes the two threads of a core for two cores, and puts busy threads beside each other. QEMU does not switch it on by itself.',
  sources: [
    'https://github.com/qemu/qemu/commit/e00516475c270dcb6705753da96063f95699abf2',
    'https://github.com/cockpit-project/cockpit-machines/issues/2381',
    'https://looking-glass.io/docs/B7/install_libvirt/#additional-tuning',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpu: host }) {
    const cpu = guestCpu(document);
    if (host.vendor !== 'amd') return withoutAmd(document, cpu, host);
    const { element } = cpu;
    const threads = threadsPerCore(document);
    if (element === undefined || threads < 2) return notApplicable('the guest has one thread on each core');
    // Models say themselves what they have; EPYC has it.
    if (!isHostCpu(cpu)) return notApplicable('the guest is not shown the processor of the host');
    const state = featureState(cpu, 'topoext');
    const feature = cpu.features.find(({ name }) => name === 'topoext')?.element;
    if (state === true) return passAt(document, feature ?? element);
    const message = `the topology has ${threads} threads on each core, but topoext is ${state === null ? 'not switched on' : 'switched off'}`;
    return failAt(document, feature ?? element, message, {
      expected: FEATURE,
      evidence: [{ source: CPUINFO, observed: host.modelName ?? 'AMD' }],
      remedy: xmlRemedy(document, 'Switch topoext on', { inside: '<cpu>', write: FEATURE }),
      edits:
        state === null && cpu.argument === null
          ? [insertChild(document, element, FEATURE, ['model', 'vendor', 'maxphysaddr', 'topology', 'cache', 'feature'])]
          : [],
    });
  },
});

/**
 * Processors of Intel do not have it. Measured with libvirt 9.0 and QEMU 7.2: with check='none' or 'partial' QEMU leaves it out
 * with a warning; with 'full' libvirt does not start the domain.
 */
function withoutAmd(document: DomainDocument, cpu: GuestCpu, host: Cpu): Outcome {
  const feature = cpu.features.find(({ name, policy }) => name === 'topoext' && policy === 'require')?.element;
  const { element } = cpu;
  if (feature === undefined || element === undefined || host.vendor === null || !isHostCpu(cpu) || cpu.argument !== null)
    return notApplicable('the host has no processor of AMD');
  const isChecked = attribute(element, 'check') === 'full';
  const message = isChecked
    ? "only processors of AMD have topoext, and with check='full' libvirt does not start a domain without what it requires"
    : 'only processors of AMD have topoext: QEMU warns, and leaves it out';
  return failAt(document, feature, message, {
    severity: isChecked ? 'blocker' : 'info',
    evidence: [{ source: CPUINFO, observed: host.modelName ?? host.vendor }],
    remedy: xmlRemedy(document, 'Remove the feature where the domain stays on this host'),
  });
}
