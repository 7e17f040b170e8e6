import { mayMove, passesDeviceThrough } from '../../../src/domain/applies.ts';
import { featureState, guestCpu, isHostCpu } from '../../../src/domain/guest-cpu.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { CPUINFO } from '../../../src/facts/cpu.ts';

export default defineDomainRule({
  id: 'domain/cpu/migratable',
  title: 'The guest knows that its clock runs evenly (invtsc)',
  severity: 'info',
  wantsHost: ['cpu'],
  applies: [passesDeviceThrough],
  why: 'QEMU hides the even clock of the processor from guests that could be moved to another machine. A VM with a device of the host cannot be moved, so it loses something for nothing; with the Hyper-V clock Windows hardly notices.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-model-and-topology', 'https://www.qemu.org/docs/master/system/qemu-cpu-models.html'],
  evaluate(document, { cpu: host }) {
    const moves = mayMove(document);
    if (moves !== null) return notApplicable(moves);
    const cpu = guestCpu(document);
    const { element } = cpu;
    if (element === undefined || !isHostCpu(cpu) || cpu.argument !== null)
      return notApplicable('the guest is not shown the processor of the host');
    if (host.ok && !(host.value.flags.has('constant_tsc') && host.value.flags.has('nonstop_tsc')))
      return notApplicable('the clock of this processor does not run evenly');
    const spot = attribute(element, 'migratable') === null ? element : { element, attribute: 'migratable' };
    if (attribute(element, 'migratable') === 'off') return passAt(document, spot);
    const invtsc = featureState(cpu, 'invtsc');
    if (invtsc === true) return passAt(document, element, 'invtsc is asked for by name');
    if (invtsc === false) return notApplicable('invtsc is switched off by name');
    return failAt(document, spot, 'QEMU hides invtsc from the guest, because it takes the VM for one that can be moved', {
      expected: "migratable='off'",
      evidence: host.ok ? [{ source: CPUINFO, observed: 'flags: constant_tsc nonstop_tsc' }] : [],
      remedy: xmlRemedy(document, "Say that the VM stays on this host: write migratable='off' at <cpu>", {
        inside: '<domain>',
        write: "<cpu mode='host-passthrough' check='none' migratable='off'/>",
      }),
    });
  },
});
