import { mayMove, passesDeviceThrough } from '../../../src/domain/applies.ts';
import { type GuestCpu, guestCpu, isHostCpu } from '../../../src/domain/guest-cpu.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Severity } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/cpu/mode',
  title: 'The guest is shown the processor of the host',
  severity: 'major',
  why: 'A model leaves out instructions that the host has: programs run slower, and games that ask for AVX do not start. A VM with a device of the host cannot be moved to another machine anyway.',
  sources: [
    'https://libvirt.org/formatdomain.html#cpu-model-and-topology',
    'https://www.qemu.org/docs/master/system/qemu-cpu-models.html',
    'https://looking-glass.io/docs/B7/install_libvirt/#additional-tuning',
  ],
  applies: [passesDeviceThrough],
  evaluate(document) {
    const { root, guest } = document;
    if (attribute(root, 'type') !== 'kvm') return notApplicable('only KVM can show the processor of the host');
    const moves = mayMove(document);
    if (moves !== null) return notApplicable(moves);
    if (guest.os === 'macos') return notApplicable('macOS runs on processors of a few models only');
    const cpu = guestCpu(document);
    const spot = cpu.argument?.element ?? cpu.element ?? root;
    if (isHostCpu(cpu)) return passAt(document, spot);
    const { message, severity } = judgement(cpu);
    return failAt(document, spot, message, {
      expected: "mode='host-passthrough'",
      severity,
      remedy: xmlRemedy(document, 'Show the guest the processor of the host; keep the topology', {
        inside: '<domain>',
        write: "<cpu mode='host-passthrough' check='none' migratable='off'/>",
      }),
    });
  },
});

/** Models that stand for no processor that was ever sold. */
const GENERIC = /^(?:qemu|kvm)(?:32|64)$|^base$/i;

function judgement({ mode, model, argument }: GuestCpu): { readonly message: string; readonly severity: Severity } {
  if (argument !== null) {
    const { model: named } = argument;
    return { message: `the QEMU command line gives the guest the processor ${named.slice(0, 40)}`, severity: severityOf(named) };
  }
  if (mode === 'none')
    return { message: 'no processor is named, and the guest gets qemu64, which has neither AES nor AVX', severity: 'major' };
  if (mode === 'custom') return { message: `the guest gets the model ${model?.slice(0, 40)}`, severity: severityOf(model ?? '') };
  return { message: `the mode ${mode.slice(0, 40)} gives the guest the nearest model that libvirt knows`, severity: 'minor' };
}

function severityOf(model: string): Severity {
  return GENERIC.test(model) ? 'major' : 'minor';
}
