import { enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook } from '../../../src/engine/outcome.ts';
import { enlightenedWindows } from '../hyperv-applies.ts';
import { virtualInterrupts } from '../hyperv-virtual-interrupts.ts';

export default defineDomainRule({
  id: 'domain/hyperv/avic-hardware',
  title: 'Windows is told of APICv or AVIC only where KVM uses it',
  severity: 'minor',
  host: ['cpu'],
  applies: [enlightenedWindows],
  why: 'It makes Windows end its interrupts in the way that is cheap with APICv or AVIC, and dear without.',
  sources: ['https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations'],
  evaluate(document, { cpu }) {
    const enlightenments = enlightenmentsOf(document.root);
    const avic = enlightenments.written.get('avic');
    if (avic === undefined || enlightenments.mode !== 'custom' || !isEnlightened(enlightenments, 'avic')) return [];
    const { source, isOn } = virtualInterrupts(cpu);
    if (isOn === null)
      return couldNotLook(source, 'KVM does not tell whether it uses APICv or AVIC', `load the module of KVM and look at ${source}`);
    if (isOn) return passAt(document, avic);
    return failAt(document, avic, 'avic is on, and KVM does not use APICv or AVIC here', {
      evidence: [{ source, observed: 'off', expected: 'on' }],
      remedy: xmlRemedy(document, 'Remove <avic>: it pays only where KVM uses APICv (enable_apicv of kvm_intel) or AVIC (avic of kvm_amd)'),
    });
  },
});
