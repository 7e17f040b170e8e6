import { windows11Guest } from '../../../src/domain/applies.ts';
import { featureState, guestCpu } from '../../../src/domain/guest-cpu.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

/** What Windows 11 cannot do without since 24H2, by the names of libvirt and of QEMU. */
const NEEDED: readonly (readonly string[])[] = [['sse4.2', 'sse4_2', 'sse4-2'], ['popcnt']];

/** Models of QEMU that have neither: those from before Nehalem, and QEMU's own plain ones. */
const WITHOUT = /^(?:qemu(?:32|64)|kvm(?:32|64)|486|pentium[23]?|athlon|coreduo|core2duo|n270|Conroe|Penryn|Opteron_G[12])$/;

export default defineDomainRule({
  id: 'domain/cpu/windows-11',
  title: 'The processor that Windows 11 is shown has SSE4.2 and POPCNT',
  severity: 'blocker',
  applies: [windows11Guest],
  why: 'Windows 11 from 24H2 on uses both instructions in its kernel: it does not boot without them, and Setup refuses the processor.',
  sources: [
    'https://learn.microsoft.com/windows-hardware/design/minimum/windows-processor-requirements',
    'https://www.qemu.org/docs/master/system/qemu-cpu-models.html',
  ],
  evaluate(document) {
    const { root } = document;
    const cpu = guestCpu(document);
    const spot = cpu.argument?.element ?? cpu.element ?? root;
    const model = cpu.argument?.model ?? (cpu.mode === 'none' ? 'qemu64' : cpu.model);
    const isModel = cpu.argument !== null || ['custom', 'none'].includes(cpu.mode);
    const lacks = isModel && WITHOUT.test(model ?? '');
    const missing = NEEDED.filter((names) => {
      const states = names.map((name) => featureState(cpu, name));
      return states.includes(false) || (lacks && !states.includes(true));
    }).map(([name = '']) => name);
    if (missing.length === 0) return passAt(document, spot);
    if (cpu.mode === 'none' && cpu.argument === null && attribute(root, 'type') !== 'kvm')
      return notApplicable('without KVM QEMU emulates a processor that has both');
    const what = lacks ? `the processor ${(model ?? '').slice(0, 40)}` : 'the processor';
    return failAt(document, spot, `${what} has no ${missing.join(' and no ')}, without which Windows 11 24H2 does not boot`, {
      expected: "mode='host-passthrough'",
      remedy: xmlRemedy(document, `Show the guest the processor of the host${cpu.model === null ? '' : ', and remove <model>'}`, {
        inside: '<domain>',
        write: "<cpu mode='host-passthrough' check='none'/>",
      }),
    });
  },
});
