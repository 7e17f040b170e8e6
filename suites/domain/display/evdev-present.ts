import type { DomainDocument } from '../../../src/domain/document.ts';
import { type EvdevInput, evdevInputs } from '../../../src/domain/evdev.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { EvdevNode } from '../../../src/facts/evdev-nodes.ts';

export default defineDomainRule({
  id: 'domain/display/evdev-present',
  title: 'The keyboards and mice that are passed by evdev are there',
  severity: 'blocker',
  host: ['evdevNodes'],
  why: 'The domain does not start while a device that it takes events from is unplugged, or has another name.',
  sources: [
    'https://libvirt.org/formatdomain.html#input-devices',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#Passing_keyboard/mouse_via_Evdev',
  ],
  evaluate: (document, { evdevNodes }) =>
    evdevInputs(document)
      .filter(({ path }) => path.startsWith('/'))
      .map((input) => judge(document, input, evdevNodes)),
});

function judge(document: DomainDocument, { spot, path }: EvdevInput, nodes: ReadonlyMap<string, EvdevNode>): Outcome {
  const node = nodes.get(path);
  if (node === undefined) {
    return path.startsWith('/dev/')
      ? couldNotLook(path, 'it was not looked at', `look at \`ls -lL ${path.slice(0, 200)}\` on the host`)
      : notApplicable(`${path.slice(0, 120)} is not below /dev, where passcheck looks`);
  }
  const { stat } = node;
  if (stat.state === 'unreadable') return couldNotLook(path, stat.detail, 'run passcheck as root');
  if (stat.state === 'absent') {
    return failAt(document, spot, `${path.slice(0, 160)} is not there`, {
      evidence: [{ source: path.slice(0, 200), observed: 'not there', expected: 'the event device of a keyboard or mouse' }],
      remedy: xmlRemedy(document, 'Plug it in, or name one of those that `ls /dev/input/by-id/*-event-*` shows'),
    });
  }
  const { kind } = stat.value;
  if (kind === 'character-device') return passAt(document, spot);
  return failAt(document, spot, `${path.slice(0, 160)} is no event device`, {
    evidence: [{ source: path.slice(0, 200), observed: kind, expected: 'character-device' }],
    remedy: xmlRemedy(document, 'Name one of those that `ls /dev/input/by-id/*-event-*` shows'),
  });
}
