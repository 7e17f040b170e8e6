import type { Applicability } from '../../../src/domain/applies.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

const NAME = 'org.qemu.guest_agent.0';
const CHANNEL = `<channel type='unix'>\n  <target type='virtio' name='${NAME}'/>\n</channel>`;

/** There is an agent for Linux and for Windows. */
const hasAgent: Applicability = ({ guest }) => {
  if (guest.os === 'unknown') return 'nothing says which system the guest is';
  return guest.os === 'windows' || guest.os === 'linux' ? null : `the guest may have no agent (${guest.because})`;
};

const AGENTS: Readonly<Record<string, string>> = { windows: 'the guest agent of virtio-win', linux: 'the package qemu-guest-agent' };

export default defineDomainRule({
  id: 'domain/devices/guest-agent',
  title: 'The host can talk to the guest agent',
  severity: 'info',
  why: 'Through the agent the host shuts the guest down cleanly, also when nobody is logged in and the GPU shows nothing.',
  sources: ['https://libvirt.org/formatdomain.html#channel', 'https://www.qemu.org/docs/master/interop/qemu-ga.html'],
  applies: [hasAgent],
  evaluate(document) {
    const channels = all(document.root, 'devices', 'channel').filter((channel) => attribute(first(channel, 'target'), 'name') === NAME);
    const [channel, second] = channels;
    if (channel !== undefined && second !== undefined) {
      return failAt(document, second, 'there are two channels for the guest agent, which QEMU refuses', {
        expected: 'one channel',
        remedy: xmlRemedy(document, 'Remove one of the two channels'),
        evidence: [seenAt(document, channel)],
        severity: 'blocker',
      });
    }
    if (channel !== undefined) return passAt(document, channel);
    const devices = first(document.root, 'devices');
    if (devices === undefined) return [];
    return failAt(document, devices, 'there is no channel for the guest agent', {
      expected: NAME,
      remedy: xmlRemedy(document, `Add the channel, and install ${AGENTS[document.guest.os] ?? 'qemu-guest-agent'} in the guest`, {
        inside: '<devices>',
        write: CHANNEL,
      }),
    });
  },
});
