import type { DomainDocument } from '../../../src/domain/document.ts';
import { qemuArgumentElements } from '../../../src/domain/qemu-devices.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/devices/password',
  title: 'No password stands in the definition',
  severity: 'major',
  why: 'Definitions are copied, published and asked about; a password in one is readable wherever it lies, and for everyone who sees QEMU’s command line.',
  sources: ['https://libvirt.org/formatdomain.html#graphical-framebuffers', 'https://www.qemu.org/docs/master/system/secrets.html'],
  anyGuest: true,
  evaluate(document) {
    const found = [
      ...all(document.root, 'devices', 'graphics')
        .filter((graphics) => (attribute(graphics, 'passwd') ?? '') !== '')
        .map((element) => ({ element, what: `the password of ${(attribute(element, 'type') ?? 'the display').slice(0, 40)}` })),
      ...secretArguments(document).map((element) => ({ element, what: 'a password for QEMU' })),
    ];
    if (found.length === 0) return passWithout(document, 'no password');
    // The whole element, whose text is shown without what is secret in it.
    return found.map(({ element, what }) =>
      failAt(document, element, `${what} is in the definition, for everyone to read`, {
        expected: 'no password',
        remedy: xmlRemedy(
          document,
          element.name === 'graphics'
            ? "Remove passwd and change the password where else it is used; let the display listen on 127.0.0.1 or on a socket (<listen type='socket'/>)"
            : 'Take the password out, change it where else it is used, and give QEMU a file that only root reads (-object secret,file=…)',
        ),
      }),
    );
  },
});

/** `password=on` and `password-secret=id` are no secrets; data of a secret object with `keyid=` is encrypted. */
function secretArguments(document: DomainDocument): readonly XmlElement[] {
  return qemuArgumentElements(document).filter((element) => {
    const value = (attribute(element, 'value') ?? '').slice(0, 4096);
    if (/\bkeyid\b/.test(value)) return false;
    const isPassword = /(?:^|[,{\s])"?pass(?:wd|word)"?\s{0,20}[=:]\s{0,20}"?(?!(?:on|off|yes|no|true|false)\b|"|,|$)/i.test(value);
    return isPassword || /^\{?.{0,40}\bsecret\b.{0,400}\bdata"?\s{0,20}[=:]/i.test(value);
  });
}
