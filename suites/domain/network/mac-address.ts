import { interfacesOf, macAddress } from '../../../src/domain/interfaces.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { merged } from '../../../src/engine/merged.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/network/mac-address',
  title: 'The network cards have addresses meant for virtual machines',
  severity: 'minor',
  why: 'libvirt refuses what is no address of a card; one from a maker’s range can be that of a real card on the same network.',
  sources: [
    'https://libvirt.org/formatdomain.html#network-interfaces',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/util/virmacaddr.c',
    'https://standards-oui.ieee.org/',
  ],
  evaluate(document) {
    const outcomes = interfacesOf(document).flatMap(({ mac, name }) => {
      if (mac === undefined) return [];
      const written = attribute(mac, 'address');
      const spot = { element: mac, attribute: 'address' };
      const address = macAddress(written);
      const remedy = xmlRemedy(document, 'Remove the <mac> element: libvirt makes an address up and keeps it');
      const expected = 'an address that begins with 52:54:00';
      // Without the attribute libvirt makes one up as well.
      if (written === null) return [];
      if (address === null)
        return [failAt(document, spot, `libvirt cannot read the address of ${name}`, { expected, remedy, severity: 'blocker' as const })];
      const first = Number.parseInt(address.slice(0, 2), 16);
      if ((first & 1) === 1)
        return [
          failAt(document, spot, `${address} is a group's address, not a card's`, { expected, remedy, severity: 'blocker' as const }),
        ];
      // 52:54:00 is QEMU's, though nobody registered it: the second bit says "locally administered".
      if ((first & 2) === 2) return [passAt(document, spot)];
      return [failAt(document, spot, `${address} is in the range of a maker of real cards`, { expected, remedy })];
    });
    return merged(outcomes);
  },
});
