import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/smbios',
  title: 'The mainboard that the guest sees is not made up',
  severity: 'info',
  why: 'Guides copy the tables of a real machine to hide the VM. NVIDIA has not asked for that since driver 465, and Windows takes a change of them for new hardware.',
  sources: ['https://libvirt.org/formatdomain.html#smbios-system-information', 'https://nvidia.custhelp.com/app/answers/detail/a_id/5173'],
  evaluate(document) {
    const smbios = first(document.root, 'os', 'smbios');
    const sysinfo = all(document.root, 'sysinfo').find((element) => attribute(element, 'type') !== 'fwcfg');
    const mode = attribute(smbios, 'mode');
    if (smbios === undefined || mode === 'emulate') {
      if (sysinfo === undefined) return smbios === undefined ? [] : passAt(document, smbios);
      return failAt(document, sysinfo, "<sysinfo> has no effect: <os> has no <smbios mode='sysinfo'/>", {
        remedy: xmlRemedy(document, "You may remove <sysinfo>, or write <smbios mode='sysinfo'/> if the guest shall see it"),
      });
    }
    if (mode === 'sysinfo' && sysinfo === undefined) {
      return failAt(document, smbios, "<smbios mode='sysinfo'/> without <sysinfo type='smbios'>: the domain does not start", {
        severity: 'blocker',
        remedy: xmlRemedy(document, 'Remove <smbios>, or write the <sysinfo> that the guest shall see'),
      });
    }
    if (document.guest.os === 'macos') return notApplicable('macOS looks for the tables of a Mac');
    const what = mode === 'host' ? 'the guest sees the tables of the host' : 'the guest sees a mainboard that <sysinfo> makes up';
    return failAt(document, smbios, `${what}: harmless, and no GPU driver needs it`, {
      remedy: xmlRemedy(
        document,
        'You may leave it out of a new VM; in an installed one leave it, because Windows may ask for its activation again',
      ),
    });
  },
});
