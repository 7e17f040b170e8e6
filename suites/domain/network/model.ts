import { interfacesOf, isNotEmulated } from '../../../src/domain/interfaces.ts';
import { takesVirtio } from '../../../src/domain/applies.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/network/model',
  title: 'The network cards are virtio',
  severity: 'minor',
  why: 'An emulated card (e1000e, rtl8139) costs much CPU time of the host for each packet, which the vCPUs then lack.',
  sources: ['https://libvirt.org/formatdomain.html#setting-the-nic-model'],
  applies: [takesVirtio],
  evaluate(document) {
    const { os } = document.guest;
    return interfacesOf(document)
      .filter((card) => !isNotEmulated(card))
      .map(({ element, model, name, type }) => {
        const spot = first(element, 'model') ?? element;
        if (model?.startsWith('virtio') === true) return passAt(document, spot);
        const what = model === null ? 'has no model, so libvirt emulates an rtl8139' : `is an emulated ${model.slice(0, 40)}`;
        const before = os === 'linux' ? '' : 'Install the virtio-win drivers in the guest, then ';
        // A network of libvirt may hand out functions of a card, which have no model.
        const unless = type === 'network' ? ', unless the network hands out devices of the host (forward mode hostdev)' : '';
        return failAt(document, spot, `${name} ${what}`, {
          expected: "<model type='virtio'/>",
          remedy: xmlRemedy(document, `${before}${before === '' ? 'W' : 'w'}rite the model virtio${unless}`, {
            inside: '<interface>',
            within: element,
            write: "<model type='virtio'/>",
          }),
          // rtl8139 is a card of 100 Mbit/s, whose every packet is copied in QEMU.
          ...(os !== 'unknown' && (model ?? 'rtl8139') === 'rtl8139' ? { severity: 'major' as const } : {}),
        });
      });
  },
});
