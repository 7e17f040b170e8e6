import { insertAt, setAttribute } from '../../../src/domain/edit.ts';
import { passesDeviceThrough, windowsGuest } from '../../../src/domain/applies.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { isAskedOfQemu } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';

const XML = "<suspend-to-mem enabled='no'/>";

export default defineDomainRule({
  id: 'domain/hyperv/suspend-off',
  title: 'The guest is not offered to sleep',
  severity: 'major',
  applies: [windowsGuest, passesDeviceThrough],
  why: 'Windows sleeps after a while when it may. A passed-through keyboard does not wake it then, virsh dompmwakeup does; and QEMU resets the GPU when it wakes, which not every GPU survives.',
  sources: ['https://libvirt.org/formatdomain.html#power-management', 'https://libvirt.org/manpages/virsh.html#dompmwakeup'],
  evaluate(document) {
    const { root } = document;
    const suspend = all(root, 'pm', 'suspend-to-mem').at(-1);
    const enabled = attribute(suspend, 'enabled');
    if (suspend !== undefined && enabled === 'no') return passAt(document, suspend);
    if (isAskedOfQemu(document, /\bdisable_s3=(?:1|on|yes|true)\b/))
      return passWithout(document, 'disable_s3 among the arguments for QEMU');
    const missing = first(root, 'pm') === undefined ? 'there is no <pm>' : '<pm> does not tell';
    const message =
      enabled === 'yes'
        ? 'the guest may sleep (S3)'
        : `${missing}: nothing keeps the guest from sleeping (S3), which QEMU offers by default`;
    return failAt(document, suspend ?? first(root, 'pm') ?? root, message, {
      expected: XML,
      remedy: xmlRemedy(document, 'Take the sleep away from the guest', into(document, 'pm', XML)),
      ...(enabled === 'yes' ? {} : { severity: 'minor' }),
      edits: [suspend === undefined ? insertAt(document, ['pm'], XML) : setAttribute(document, suspend, 'enabled', 'no')],
    });
  },
});
