import { timersNamed } from '../../../src/domain/timers.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/hyperv/tsc-mode',
  title: 'The mode of the TSC is left to Xen guests',
  severity: 'info',
  why: 'libvirt hands the mode to Xen only; for QEMU it has no effect, whatever it says.',
  sources: ['https://libvirt.org/formatdomain.html#time-keeping', 'https://github.com/libvirt/libvirt/blob/master/src/libxl/libxl_conf.c'],
  evaluate(document) {
    return timersNamed(document.root, 'tsc').map((timer) => {
      const mode = attribute(timer, 'mode');
      if (mode === null) return passAt(document, timer);
      return failAt(document, { element: timer, attribute: 'mode' }, `mode='${mode.slice(0, 40)}' of the TSC does nothing with QEMU`, {
        remedy: xmlRemedy(
          document,
          "Outdated advice, harmless: you may remove the mode. Where the guest should see that its TSC is invariant, <cpu migratable='off'> or the CPU feature invtsc does that",
        ),
      });
    });
  },
});
