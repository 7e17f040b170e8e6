import { windowsGuest } from '../../../src/domain/applies.ts';
import { featureState, guestCpu } from '../../../src/domain/guest-cpu.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/cpu/hypervisor-bit',
  title: 'Windows can see that it runs in a virtual machine',
  severity: 'major',
  why: 'Where the processor does not say so, Windows uses no enlightenment at all: clocks and interrupts go the slow way, and the VM loses much of its speed. NVIDIA’s drivers have not asked for it since 2021.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#setup',
    'https://learn.microsoft.com/en-us/virtualization/hyper-v-on-windows/tlfs/feature-discovery',
  ],
  applies: [windowsGuest],
  evaluate(document) {
    const cpu = guestCpu(document);
    const feature = cpu.argument?.element ?? cpu.features.find(({ name }) => name === 'hypervisor')?.element;
    const state = featureState(cpu, 'hypervisor');
    if (state === true) return passAt(document, feature ?? cpu.element ?? document.root);
    if (state === null) return passWithout(document, 'the feature hypervisor is not switched off');
    const hasHyperv = first(document.root, 'features', 'hyperv') !== undefined;
    const effect = hasHyperv ? ', and everything in <hyperv> is without effect' : '';
    return failAt(document, feature ?? cpu.element ?? document.root, `Windows cannot see the hypervisor${effect}`, {
      remedy: xmlRemedy(
        document,
        'Remove <feature name="hypervisor">, unless a program refuses to run in virtual machines and that matters more',
      ),
    });
  },
});
