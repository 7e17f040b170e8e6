import type { DomainDocument } from '../../../src/domain/document.ts';
import { windowsGuest } from '../../../src/domain/applies.ts';
import { timersNamed } from '../../../src/domain/timers.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

const HINTS = ['hint-dedicated', 'poll-control', 'pv-ipi'];

export default defineDomainRule({
  id: 'domain/hyperv/linux-only',
  title: 'A Windows guest is given no helps that only Linux uses',
  severity: 'info',
  applies: [windowsGuest],
  why: 'KVM offers them in its own part of the CPUID, which Windows does not read: they change nothing, for better or worse.',
  sources: ['https://www.qemu.org/docs/master/system/i386/kvm-pv.html', 'https://libvirt.org/formatdomain.html#hypervisor-features'],
  evaluate(document) {
    const found = linuxOnly(document);
    if (found.length === 0) return passWithout(document, `none of ${HINTS.join(', ')}, pvspinlock, kvmclock`);
    return found.map(({ element, name }) =>
      failAt(document, element, `${name} means nothing to Windows`, {
        remedy: xmlRemedy(document, `Harmless: you may remove ${name}, because only Linux guests use it`),
      }),
    );
  },
});

function linuxOnly({ root }: DomainDocument): readonly { readonly element: XmlElement; readonly name: string }[] {
  const hints = HINTS.flatMap((name) => all(root, 'features', 'kvm', name).filter((element) => attribute(element, 'state') === 'on'));
  // <pvspinlock/> without a state is on, too.
  const spinlocks = all(root, 'features', 'pvspinlock').filter((element) => attribute(element, 'state') !== 'off');
  const named = [...hints, ...spinlocks].map((element) => ({ element, name: element.name }));
  // To switch the clock off is nobody's mistake.
  const clocks = timersNamed(root, 'kvmclock').filter((element) => attribute(element, 'present') !== 'no');
  return [...named, ...clocks.map((element) => ({ element, name: 'the timer kvmclock' }))];
}
