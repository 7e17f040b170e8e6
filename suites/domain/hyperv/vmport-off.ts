import { insertAt } from '../../../src/domain/edit.ts';
import { windowsGuest } from '../../../src/domain/applies.ts';
import { all, attribute, first, textAt } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { isAskedOfQemu } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';

const XML = "<vmport state='off'/>";

export default defineDomainRule({
  id: 'domain/hyperv/vmport-off',
  title: 'The guest has no VMware port',
  severity: 'minor',
  applies: [windowsGuest],
  why: "QEMU emulates VMware's port and mouse unless told. A guest of KVM has no use for them, and virt-manager turns them off.",
  sources: ['https://libvirt.org/formatdomain.html#hypervisor-features'],
  evaluate(document) {
    const { root } = document;
    if (/microvm/.test(attribute(first(root, 'os', 'type'), 'machine') ?? '') || textAt(root, 'os', 'type') === 'xen')
      return notApplicable('this machine has no VMware port');
    const vmport = all(root, 'features', 'vmport').at(-1);
    if (attribute(vmport, 'state') === 'off' && vmport !== undefined) return passAt(document, vmport);
    if (isAskedOfQemu(document, /\bvmport=off\b/)) return passWithout(document, 'vmport=off among the arguments for QEMU');
    const message = vmport === undefined ? "nothing turns VMware's port off, and QEMU has it by default" : "VMware's port is on";
    return failAt(document, vmport ?? first(root, 'features') ?? root, message, {
      expected: XML,
      remedy: xmlRemedy(document, "Turn VMware's port off", into(document, 'features', XML)),
      // Who turned it on may use it.
      edits: vmport === undefined ? [insertAt(document, ['features'], XML)] : [],
    });
  },
});
