import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { iothreadPlaces, pinningOf } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { noCpuLeft } from '../cpu-host.ts';
import { boundVcpus, cpusOf, cpuWords, pinSpot, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/iothreadpin',
  title: 'The I/O threads stay away from the CPUs of the vCPUs',
  severity: 'major',
  wantsHost: ['cpuIsolation', 'cpuTopology'],
  why: 'An I/O thread does the work of disks. On the CPU of a vCPU one of the two has to wait: the guest stutters when it loads.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://libvirt.org/formatdomain.html#iothreads-allocation'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuIsolation, cpuTopology }) {
    const threads = iothreadPlaces(document);
    if (threads.length === 0) return notApplicable('the domain has no I/O threads');
    if (pinningOf(document).vcpus.length === 0) return notApplicable('no vCPU is pinned to a CPU of its own');
    const bound = boundVcpus(document);
    if ('reason' in bound) return notApplicable(bound.reason);
    if (threads.some(({ pin, cpus }) => pin !== null && cpus === null))
      return notApplicable('the pin of an I/O thread has no list of CPUs (see domain/cpu/pin-lists)');
    const mine = cpusOf(bound.places);
    const noneLeft = noCpuLeft(cpuTopology, mine);
    if (noneLeft !== null) return notApplicable(noneLeft);
    const remedy = pinsRemedy(document, 'Pin the I/O threads to CPUs that no vCPU has');
    const tuning = tuningElement(document);
    const shared = threads.map(({ cpus, ...thread }) => ({
      ...thread,
      all: cpus?.length,
      cpus: (cpus ?? []).filter((cpu) => mine.has(cpu)),
    }));
    const worst = shared.find(({ cpus, all }) => cpus.length > 0 && cpus.length === all) ?? shared.find(({ cpus }) => cpus.length > 0);
    if (worst !== undefined) {
      const isForced = worst.cpus.length === worst.all;
      const message = `I/O thread ${worst.id} ${isForced ? 'runs' : 'may run'} on ${cpuWords(worst.cpus)}, which ${worst.cpus.length === 1 ? 'has a vCPU' : 'have vCPUs'}`;
      return failAt(document, pinSpot(document, worst), message, { severity: isForced ? 'major' : 'minor', remedy });
    }
    const free = threads.filter(({ pin }) => pin === null).map(({ id }) => id);
    if (free.length === 0) return passAt(document, tuning);
    const isolated = new Set(cpuIsolation.ok ? cpuIsolation.value.isolated : []);
    if ([...mine].every((cpu) => isolated.has(cpu)))
      return passAt(document, tuning, 'all CPUs of the vCPUs are isolated: nothing else gets there by itself');
    const message = `I/O ${free.length === 1 ? 'thread' : 'threads'} ${free.slice(0, 8).join(', ')} may run on the CPUs of the vCPUs`;
    return failAt(document, tuning, message, { severity: 'minor', expected: '<iothreadpin>', remedy });
  },
});
