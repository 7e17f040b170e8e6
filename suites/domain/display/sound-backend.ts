import type { DomainDocument } from '../../../src/domain/document.ts';
import { graphicsOf } from '../../../src/domain/graphics.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome, Remedy } from '../../../src/engine/outcome.ts';
import { confText } from '../../../src/libvirt/conf.ts';

export default defineDomainRule({
  id: 'domain/display/sound-backend',
  title: 'The sound card of the guest plays somewhere',
  severity: 'minor',
  wantsHost: ['qemuConf'],
  why: 'A sound card with the backend "none" is silent, and Windows can choose it before the HDMI output of the GPU. One that names a backend which is not there libvirt refuses.',
  sources: ['https://libvirt.org/formatdomain.html#audio-backends'],
  evaluate(document, { qemuConf }) {
    const audios = all(document.root, 'devices', 'audio');
    const byId = new Map(audios.map((audio) => [attribute(audio, 'id') ?? '', audio]));
    const fallback = defaultBackend(document);
    const asked = fallback.type === 'vnc' ? 'vnc_allow_host_audio' : 'nographics_allow_host_audio';
    const isHeard = qemuConf.ok && confText(qemuConf.value, asked) === '1';
    const sounds = all(document.root, 'devices', 'sound').filter((sound) => attribute(sound, 'model') !== 'pcspk');
    return [
      ...doubled(document, audios),
      ...unused(document, audios),
      ...sounds.map((sound) => {
        const id = attribute(first(sound, 'audio'), 'id');
        const audio = id === null ? audios[0] : byId.get(id);
        if (id !== null && audio === undefined) return missing(document, sound, id);
        if (audio !== undefined) return judge(document, sound, audio);
        return judgeDefault(document, sound, fallback, isHeard);
      }),
    ];
  },
});

function doubled(document: DomainDocument, audios: readonly XmlElement[]): Outcome[] {
  const seen = new Map<string, XmlElement>();
  return audios.flatMap((audio) => {
    const id = attribute(audio, 'id');
    if (id === null) return [withoutId(document, audio)];
    const other = seen.get(id);
    seen.set(id, audio);
    if (other === undefined) return [];
    return [
      failAt(document, { element: audio, attribute: 'id' }, `two audio backends have the id ${id.slice(0, 20)}, which libvirt refuses`, {
        evidence: [seenAt(document, other)],
        remedy: xmlRemedy(document, 'Give each <audio> an id of its own'),
        severity: 'blocker',
      }),
    ];
  });
}

/** virt-manager writes backends of SPICE and none into every domain; the others somebody asked for. */
function unused(document: DomainDocument, audios: readonly XmlElement[]): Outcome[] {
  if (all(document.root, 'devices', 'sound').length > 0) return [];
  if (document.domain.qemuArguments.some((argument) => /\baudiodev\b/.test(argument))) return [];
  return audios
    .filter((audio) => !['none', 'spice'].includes(attribute(audio, 'type') ?? 'none'))
    .map((audio) =>
      failAt(document, audio, 'no sound card plays to this backend: it has no effect', {
        severity: 'info',
        remedy: xmlRemedy(document, 'Add a sound card that uses it, or remove it where the GPU plays', {
          inside: '<devices>',
          write: "<sound model='ich9'/>",
        }),
      }),
    );
}

function withoutId(document: DomainDocument, audio: XmlElement): Outcome {
  return failAt(document, audio, 'the audio backend has no id, which libvirt refuses', {
    expected: "id='1'",
    remedy: xmlRemedy(document, 'Number the audio backends from 1'),
    severity: 'blocker',
  });
}

function missing(document: DomainDocument, sound: XmlElement, id: string): Outcome {
  return failAt(
    document,
    first(sound, 'audio') ?? sound,
    `there is no audio backend with the id ${id.slice(0, 20)}, so libvirt refuses the domain`,
    {
      expected: `<audio id='${id.slice(0, 20)}' type='…'/>`,
      remedy: xmlRemedy(document, 'Add the <audio>, or name the id of one that is there'),
      severity: 'blocker',
    },
  );
}

function judge(document: DomainDocument, sound: XmlElement, audio: XmlElement): Outcome {
  if (attribute(audio, 'type') !== 'none') return passAt(document, audio);
  return failAt(document, sound, 'the sound card plays nowhere: its audio backend is "none"', {
    evidence: [seenAt(document, audio)],
    remedy: silent(document),
  });
}

interface Backend {
  /** The graphics that decide; null: there are none. */
  readonly type: string | null;
  readonly element: XmlElement | undefined;
}

/** Where the definition names no backend, libvirt takes one by the last graphics that has a say: SPICE plays, VNC does not. */
function defaultBackend(document: DomainDocument): Backend {
  const deciding = graphicsOf(document).findLast((graphics) => ['vnc', 'spice', 'sdl'].includes(attribute(graphics, 'type') ?? ''));
  return { type: attribute(deciding, 'type'), element: deciding };
}

function judgeDefault(document: DomainDocument, sound: XmlElement, { type, element }: Backend, isHeard: boolean): Outcome {
  if (type === 'spice' || type === 'sdl') return passAt(document, sound, `plays by ${type.toUpperCase()}`);
  if (isHeard) return passAt(document, sound, 'qemu.conf lets QEMU play where its environment says');
  const because =
    type === null ? 'the domain has neither an audio backend nor graphics' : 'VNC carries no sound, and the domain has no audio backend';
  return failAt(document, sound, `the sound card plays nowhere: ${because}`, {
    ...(element === undefined ? {} : { evidence: [seenAt(document, element)] }),
    remedy: silent(document),
  });
}

function silent(document: DomainDocument): Remedy {
  if (graphicsOf(document, 'spice').length === 0)
    return xmlRemedy(document, 'Name a backend that plays in an <audio> (pipewire, pulseaudio), or take <sound> away where the GPU plays');
  return xmlRemedy(document, 'Let the SPICE client play, or take <sound> away where the GPU plays', {
    inside: '<devices>',
    write: "<audio id='1' type='spice'/>",
  });
}
