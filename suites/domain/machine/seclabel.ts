import { all, attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/machine/seclabel',
  title: 'libvirt confines the VM',
  severity: 'major',
  why: 'Without a label nothing of AppArmor or SELinux stands between a guest that broke out of QEMU and the files of the host. Guides switch it off to reach a file; a rule for that file is enough.',
  sources: ['https://libvirt.org/formatdomain.html#security-label', 'https://libvirt.org/drvqemu.html#selinux-basic-confinement'],
  evaluate(document) {
    const labels = all(document.root, 'seclabel');
    const none = labels.find((label) => attribute(label, 'type') === 'none');
    if (none === undefined)
      return labels[0] === undefined
        ? passWithout(document, 'no <seclabel>: libvirt labels the VM by itself')
        : passAt(document, labels[0]);
    const model = attribute(none, 'model');
    const what = model === null || model === 'none' ? 'the VM' : `the VM by ${model.slice(0, 40)}`;
    return failAt(document, { element: none, attribute: 'type' }, `nothing confines ${what}`, {
      expected: 'no <seclabel type="none">',
      // Not an edit: what was switched off for a reason would fail again.
      remedy: xmlRemedy(
        document,
        'Remove it, start the VM, and allow the one file that is then denied (in /etc/apparmor.d/local/abstractions/libvirt-qemu, or with a label of SELinux)',
      ),
    });
  },
});
