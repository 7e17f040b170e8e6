import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf } from '../../../src/domain/graphics.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isOlder, libvirtVersion } from '../display-versions.ts';

/** Devices whose other end can be the SPICE client. */
const CHANNELS = new Set(['channel', 'redirdev', 'serial', 'console', 'parallel', 'smartcard']);

export default defineDomainRule({
  id: 'domain/display/spice-needed',
  title: 'What goes to the SPICE client has a SPICE server',
  severity: 'blocker',
  wantsHost: ['libvirt'],
  why: 'Since June 2022 libvirt refuses a domain with SPICE channels, USB redirection or SPICE audio but without <graphics type="spice">: people meet it when they take the display away.',
  sources: [
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_validate.c',
    'https://github.com/BigAnteater/KVM-GPU-Passthrough/issues/16',
  ],
  evaluate(document, { libvirt }) {
    const devices = (first(document.root, 'devices')?.children ?? []).filter(({ namespace }) => namespace === '');
    const used = devices.filter(needsSpice);
    const [server] = graphicsOf(document, 'spice');
    if (server !== undefined) return used.length === 0 ? [] : passAt(document, server);
    const isOld = isOlder(libvirtVersion(libvirt), [8, 4]) === true;
    return used.map((device) => judge(document, device, isOld));
  },
});

function needsSpice(device: XmlElement): boolean {
  const type = attribute(device, 'type') ?? '';
  if (device.name === 'audio') return type === 'spice';
  return CHANNELS.has(device.name) && ['spicevmc', 'spiceport'].includes(type);
}

function judge(document: DomainDocument, device: XmlElement, isOld: boolean): Outcome {
  const { name } = device;
  const spot = { element: device, attribute: 'type' };
  const alternative = name === 'audio' ? 'let the audio go elsewhere (type none, pipewire, pulseaudio)' : `take <${name}> away`;
  return failAt(document, spot, `<${name}> goes to a SPICE client, and the domain has no SPICE server`, {
    remedy: xmlRemedy(document, `Add <graphics type='spice'> with a port, or ${alternative}`),
    ...(isOld && name !== 'audio' ? { severity: 'minor' as const } : {}),
  });
}
