import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { emulatorPin, pinningOf } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import { ISOLATED_PATH } from '../../../src/facts/cpu-isolation.ts';
import { noCpuLeft } from '../cpu-host.ts';
import { boundVcpus, cpusOf, cpuWords, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/emulatorpin',
  title: 'QEMU’s own threads stay away from the CPUs of the vCPUs',
  severity: 'major',
  wantsHost: ['cpuIsolation', 'cpuTopology'],
  why: 'QEMU’s main loop and its workers handle disks, sound and interrupts of emulated devices. On the CPU of a vCPU one of the two has to wait, and the guest stutters.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuIsolation, cpuTopology }) {
    if (pinningOf(document).vcpus.length === 0) return notApplicable('no vCPU is pinned to a CPU of its own');
    const bound = boundVcpus(document);
    if ('reason' in bound) return notApplicable(bound.reason);
    const mine = cpusOf(bound.places);
    const noneLeft = noCpuLeft(cpuTopology, mine);
    if (noneLeft !== null) return notApplicable(noneLeft);
    const pin = emulatorPin(document);
    const tuning = tuningElement(document);
    const remedy = pinsRemedy(document, 'Pin the emulator to CPUs that no vCPU has');
    if (pin === null) {
      // What is not told to goes to no isolated CPU.
      const isolated = new Set(cpuIsolation.ok ? cpuIsolation.value.isolated : []);
      if ([...mine].every((cpu) => isolated.has(cpu)))
        return passAt(document, tuning, 'all CPUs of the vCPUs are isolated: nothing else gets there by itself');
      const evidence = cpuIsolation.ok ? [{ source: ISOLATED_PATH, observed: formatCpuList([...isolated]) || 'no CPU' }] : [];
      const message = 'QEMU’s own threads are not pinned, and may run on the CPUs of the vCPUs';
      return failAt(document, tuning, message, { severity: 'minor', expected: '<emulatorpin>', evidence, remedy });
    }
    if (pin.cpus === null) return notApplicable('the pin of the emulator has no list of CPUs (see domain/cpu/pin-lists)');
    const shared = pin.cpus.filter((cpu) => mine.has(cpu));
    if (shared.length === 0) return passAt(document, pin.element);
    const isForced = shared.length === pin.cpus.length;
    const message = `QEMU’s own threads ${isForced ? 'run' : 'may run'} on ${cpuWords(shared)}, which ${shared.length === 1 ? 'has a vCPU' : 'have vCPUs'}`;
    return failAt(document, { element: pin.element, attribute: 'cpuset' }, message, { severity: isForced ? 'major' : 'minor', remedy });
  },
});
