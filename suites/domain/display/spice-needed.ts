import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf } from '../../../src/domain/graphics.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isAtLeast } from '../../../src/facts/version.ts';

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
    const version = libvirt.ok ? libvirt.value.version : null;
    const isOld = version !== null && !isAtLeast(version, [8, 4]);
    const [device, ...others] = used;
    return device === undefined ? [] : judge(document, device, others, isOld);
  },
});

function needsSpice(device: XmlElement): boolean {
  const type = attribute(device, 'type') ?? '';
  if (device.name === 'audio') return type === 'spice';
  return CHANNELS.has(device.name) && ['spicevmc', 'spiceport'].includes(type);
}

/** Said once: one server mends them all. */
function judge(document: DomainDocument, device: XmlElement, others: readonly XmlElement[], isOld: boolean): Outcome {
  const names = [...new Set([device, ...others].map(({ name }) => `<${name}>`))];
  const doing = names.length === 1 ? 'goes' : 'go';
  const hasAudio = names.includes('<audio>');
  const audio = hasAudio ? 'let the audio go elsewhere (type none, pipewire, pulseaudio)' : null;
  const devices = names.filter((name) => name !== '<audio>');
  const ways = [audio, devices.length === 0 ? null : `take ${andWords(devices)} away`].filter((way) => way !== null);
  return failAt(
    document,
    { element: device, attribute: 'type' },
    `${andWords(names)} ${doing} to a SPICE client, and the domain has no SPICE server, without which libvirt 8.4 and later refuse it`,
    {
      evidence: others.slice(0, 10).map((other) => seenAt(document, { element: other, attribute: 'type' })),
      remedy: xmlRemedy(document, `Add <graphics type='spice'> with a port, or ${andWords(ways)}`),
      ...(isOld && !hasAudio ? { severity: 'minor' as const } : {}),
    },
  );
}

function andWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
