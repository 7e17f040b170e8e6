import { enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { CPUINFO } from '../../../src/facts/cpu.ts';
import { kvmDomain, libvirtsCpu } from '../hyperv-applies.ts';

export default defineDomainRule({
  id: 'domain/hyperv/evmcs-intel',
  title: 'The enlightened VMCS is on with an Intel CPU only',
  severity: 'blocker',
  host: ['cpu'],
  applies: [kvmDomain, libvirtsCpu],
  why: 'KVM has it for Intel only, and QEMU stops with "Hyper-V enlightened VMCS (hv-evmcs) is not supported by kernel".',
  sources: ['https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments'],
  evaluate(document, { cpu }) {
    const enlightenments = enlightenmentsOf(document.root);
    const evmcs = enlightenments.written.get('evmcs');
    if (evmcs === undefined || enlightenments.mode !== 'custom' || !isEnlightened(enlightenments, 'evmcs')) return [];
    // Others than Intel have VMX, too.
    if (cpu.vendor !== 'amd' && !cpu.flags.has('svm')) return passAt(document, evmcs);
    return failAt(document, evmcs, 'the enlightened VMCS is on, and the CPU is from AMD', {
      evidence: [{ source: CPUINFO, observed: cpu.modelName ?? `vendor: ${cpu.vendor}`, expected: 'a CPU with VMX' }],
      remedy: xmlRemedy(document, "Write <evmcs state='off'/>, or remove it"),
    });
  },
});
