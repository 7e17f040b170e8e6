import { all, attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/devices/watchdog',
  title: 'libvirt knows the watchdog of the chipset',
  severity: 'blocker',
  host: ['libvirt'],
  why: 'virt-manager and libvirt 9.1 and later write the watchdog of q35 into every new domain; an older libvirt refuses the definition for it ("unknown watchdog model").',
  sources: ['https://libvirt.org/formatdomain.html#watchdog-devices', 'https://libvirt.org/news.html#v9-1-0-2023-03-01'],
  evaluate(document, { libvirt: { version, answer } }) {
    return all(document.root, 'devices', 'watchdog')
      .filter((watchdog) => attribute(watchdog, 'model') === 'itco')
      .map((watchdog) => {
        if (version === null) {
          const because = 'reason' in answer ? `: ${answer.reason}` : '';
          return couldNotLook(answer.source, `the version of libvirt is not known${because}`, 'look at `virsh version` by hand');
        }
        const [major, minor] = version;
        if (major > 9 || (major === 9 && minor >= 1)) return passAt(document, watchdog);
        return failAt(document, { element: watchdog, attribute: 'model' }, `libvirt ${major}.${minor} knows no watchdog itco`, {
          expected: 'libvirt 9.1 or later',
          remedy: xmlRemedy(document, 'Remove the <watchdog>: q35 has it without being asked'),
        });
      });
  },
});
