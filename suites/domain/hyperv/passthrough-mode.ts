import { enlightenmentsOf } from '../../../src/domain/enlightenments.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows } from '../hyperv-applies.ts';
import { enlightenmentXml, oneLine, recommendedFor } from '../hyperv-recommended.ts';

export default defineDomainRule({
  id: 'domain/hyperv/passthrough-mode',
  title: 'The enlightenments are chosen one by one',
  severity: 'minor',
  applies: [enlightenedWindows],
  why: 'With mode="passthrough" an update of QEMU or the kernel changes what Windows sees. QEMU has it for development; before 9.2 it turned on a debugger interface, too, with which some versions of Windows do not boot.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#supplementary-features',
    'https://libvirt.org/formatdomain.html#hypervisor-features',
  ],
  evaluate(document) {
    const { mode, block } = enlightenmentsOf(document.root);
    if (block === undefined) return [];
    const written = attribute(block, 'mode');
    if (mode === 'custom' || written !== 'passthrough') return passAt(document, block);
    return failAt(document, { element: block, attribute: 'mode' }, 'Windows gets every enlightenment that QEMU and KVM have', {
      expected: "mode='custom'",
      remedy: xmlRemedy(document, "Write mode='custom' and the recommended enlightenments, with the timer hypervclock", {
        inside: '<features>',
        write: `<hyperv mode='custom'>${recommendedFor(document)
          .map((name) => oneLine(enlightenmentXml(name)))
          .join('')}</hyperv>`,
      }),
    });
  },
});
