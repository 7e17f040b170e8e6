import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf, hasPort, videoDevices } from '../../../src/domain/graphics.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { groupedBy } from '../../../src/grouped.ts';
import { emulatorVersion } from '../emulator-version.ts';

export default defineDomainRule({
  id: 'domain/display/graphics-accepted',
  title: 'libvirt and QEMU accept the graphics and video devices together',
  severity: 'blocker',
  wantsHost: ['qemu'],
  why: 'libvirt or QEMU refuse to start a domain with two servers of a kind, with "none" beside another video device, or with OpenGL over the network.',
  sources: [
    'https://libvirt.org/formatdomain.html#graphical-framebuffers',
    'https://libvirt.org/formatdomain.html#video-devices',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/conf/domain_validate.c',
  ],
  evaluate(document, { qemu }) {
    const graphics = graphicsOf(document);
    const videos = videoDevices(document);
    const emulator = emulatorVersion(document, qemu);
    const problems = [
      ...twice(document, graphics),
      ...graphics.flatMap((server) => [
        ...judgeListens(document, server),
        ...judgeOpenGl(document, server, emulator),
        ...judgePassword(document, server),
      ]),
      ...judgeHeadless(document, graphics),
      ...judgeNone(document),
      ...videos.flatMap(({ element, model }) => judgeAcceleration(document, element, model)),
    ];
    if (problems.length > 0) return problems;
    const [some] = [...graphics, ...videos.map(({ element }) => element)];
    return some === undefined ? [] : passAt(document, some);
  },
});

function twice(document: DomainDocument, graphics: readonly XmlElement[]): Outcome[] {
  const byType = groupedBy(graphics, (server) => attribute(server, 'type') ?? '');
  return [...byType].flatMap(([type, [one, other, ...more]]) => {
    if (one === undefined || other === undefined) return [];
    return [
      failAt(document, other, `the domain has ${more.length + 2} ${type.slice(0, 20)} servers, and QEMU takes one of a kind`, {
        evidence: [seenAt(document, one)],
        remedy: xmlRemedy(document, 'Keep one of them'),
      }),
    ];
  });
}

function judgeListens(document: DomainDocument, server: XmlElement): Outcome[] {
  const [listen, second] = all(server, 'listen');
  if (second !== undefined)
    return [failAt(document, second, 'QEMU listens at one place only', { remedy: xmlRemedy(document, 'Keep one <listen>') })];
  const [own, written] = [attribute(server, 'listen'), attribute(listen, 'address')];
  if (own === null || written === null || own === written) return [];
  return [
    failAt(
      document,
      { element: server, attribute: 'listen' },
      `listen says ${own.slice(0, 60)}, and <listen> ${written.slice(0, 60)}: libvirt wants the same`,
      {
        remedy: xmlRemedy(document, 'Take the attribute away, and keep <listen>'),
      },
    ),
  ];
}

/** The protocol encrypts with a DES key of eight characters; libvirt 9.0 refuses more. */
function judgePassword(document: DomainDocument, server: XmlElement): Outcome[] {
  const length = Buffer.byteLength(attribute(server, 'passwd') ?? '');
  if (attribute(server, 'type') !== 'vnc' || length <= 8) return [];
  return [
    failAt(document, { element: server, attribute: 'passwd' }, `the password of VNC has ${length} characters, and libvirt takes 8`, {
      expected: 'no password',
      remedy: xmlRemedy(document, 'Remove passwd, and let VNC listen on 127.0.0.1 or on a socket: eight characters protect nothing'),
    }),
  ];
}

/** Newer versions stream to the network where their SPICE library can: https://gitlab.com/qemu-project/qemu/-/blob/v10.1.0/ui/spice-core.c */
function judgeOpenGl(document: DomainDocument, server: XmlElement, emulator: readonly number[] | null): Outcome[] {
  const gl = first(server, 'gl');
  if (attribute(server, 'type') !== 'spice' || gl === undefined || attribute(gl, 'enable') !== 'yes') return [];
  const isLocal = all(server, 'listen').some((listen) => ['none', 'socket'].includes(attribute(listen, 'type') ?? ''));
  if (isLocal || !hasPort(server) || (emulator !== null && isAtLeast(emulator, [10, 1]))) return [];
  return [
    failAt(document, gl, 'SPICE with OpenGL does not go over the network, and the server has a port', {
      expected: "<listen type='none'/>",
      remedy: xmlRemedy(document, 'Let it listen nowhere (virt-viewer --attach finds it), or switch OpenGL off', {
        inside: "<graphics type='spice'>, without port and autoport",
        write: "<listen type='none'/>",
      }),
      ...(emulator === null ? { severity: 'major' as const } : {}),
    }),
  ];
}

function judgeHeadless(document: DomainDocument, graphics: readonly XmlElement[]): Outcome[] {
  const headless = graphics.find((server) => attribute(server, 'type') === 'egl-headless');
  const allowed = graphics.every((server) => ['vnc', 'spice', 'egl-headless'].includes(attribute(server, 'type') ?? ''));
  if (headless === undefined || allowed) return [];
  return [
    failAt(document, headless, 'egl-headless goes together with VNC and SPICE only', {
      remedy: xmlRemedy(document, 'Take it away, or the other graphics'),
    }),
  ];
}

function judgeNone(document: DomainDocument): Outcome[] {
  const videos = all(document.root, 'devices', 'video');
  const none = videos.find((video) => attribute(first(video, 'model'), 'type') === 'none');
  const other = videos.find((video) => video !== none);
  if (none === undefined || other === undefined) return [];
  return [
    failAt(document, first(none, 'model') ?? none, '"none" stands beside another video device, which libvirt refuses', {
      evidence: [seenAt(document, first(other, 'model') ?? other)],
      remedy: xmlRemedy(document, 'Keep "none" where the GPU is to be the only screen, else the other one'),
    }),
  ];
}

function judgeAcceleration(document: DomainDocument, video: XmlElement, model: string | null): Outcome[] {
  const acceleration = first(video, 'model', 'acceleration');
  if (acceleration === undefined || attribute(acceleration, 'accel3d') !== 'yes' || model === 'virtio') return [];
  return [
    failAt(document, acceleration, `only virtio has 3D acceleration, and the video device is ${model?.slice(0, 20) ?? 'of no model'}`, {
      remedy: xmlRemedy(document, 'Take <acceleration> away, or let the model be virtio (which Windows has no 3D driver for)'),
    }),
  ];
}
