import { enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows } from '../hyperv-applies.ts';
import { hasOwnCpus } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/hyperv/spinlock-retries',
  title: 'Spinlock retries are set only where vCPUs wait for a CPU',
  severity: 'info',
  applies: [enlightenedWindows],
  why: 'After so many retries Windows tells KVM that it waits for a lock, so that the vCPU that holds the lock can run. On CPUs of their own all vCPUs run already, and QEMU recommends its default: never.',
  sources: ['https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations'],
  evaluate(document) {
    const enlightenments = enlightenmentsOf(document.root);
    const spinlocks = enlightenments.written.get('spinlocks');
    if (spinlocks === undefined || enlightenments.mode !== 'custom' || !isEnlightened(enlightenments, 'spinlocks')) return [];
    if (!hasOwnCpus(document)) return passAt(document, spinlocks);
    const retries = attribute(spinlocks, 'retries') ?? '';
    return failAt(document, spinlocks, `retries='${retries.slice(0, 40)}' is of no use where every vCPU has a CPU of its own`, {
      remedy: xmlRemedy(
        document,
        'Harmless: you may remove <spinlocks>, because every vCPU is pinned to a CPU of its own. It is still needed when other programs or guests run on these CPUs',
      ),
    });
  },
});
