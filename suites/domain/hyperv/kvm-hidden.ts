import type { DomainDocument } from '../../../src/domain/document.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { kvmDomain, libvirtsCpu } from '../hyperv-applies.ts';
import { CODE_43_SOURCES, mayNeedHiding, WHEN_HIDING_IS_NEEDED } from '../hyperv-hiding.ts';

export default defineDomainRule({
  id: 'domain/hyperv/kvm-hidden',
  title: 'KVM does not hide from the guest',
  severity: 'info',
  wantsHost: ['pciDevices'],
  applies: [kvmDomain, libvirtsCpu],
  why: 'Hiding KVM was for GeForce drivers that refused to run in a virtual machine (Code 43). NVIDIA allows it since driver 465 of 2021. Windows loses nothing by it; a Linux guest loses the clock and the interrupts that KVM makes cheap.',
  sources: CODE_43_SOURCES,
  evaluate(document, { pciDevices }) {
    if (document.guest.os === 'macos') return notApplicable('macOS uses nothing of KVM');
    const hidden = all(document.root, 'features', 'kvm', 'hidden').findLast((element) => attribute(element, 'state') === 'on');
    if (hidden === undefined) return [];
    const isLinux = document.guest.os === 'linux';
    const reason = isLinux ? null : mayNeedHiding(document, pciDevices);
    if (reason !== null) return passAt(document, hidden, reason);
    return isLinux ? linuxLoses(document, hidden) : outdated(document, hidden);
  },
});

function outdated(document: DomainDocument, hidden: XmlElement): Outcome {
  return failAt(document, hidden, 'KVM hides from drivers that no longer mind it', {
    remedy: xmlRemedy(document, `Outdated advice, harmless: you may remove <hidden>. ${WHEN_HIDING_IS_NEEDED}`),
  });
}

function linuxLoses(document: DomainDocument, hidden: XmlElement): Outcome {
  return failAt(document, hidden, 'KVM hides from Linux, which then does without kvmclock and the other helps of KVM', {
    severity: 'minor',
    remedy: xmlRemedy(document, 'Remove <hidden>; it is needed only with a GeForce driver older than 465'),
  });
}
