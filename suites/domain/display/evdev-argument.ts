import { evdevInputs } from '../../../src/domain/evdev.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/display/evdev-argument',
  title: 'Evdev inputs are written as <input>',
  severity: 'info',
  why: 'libvirt lets QEMU open what an <input> names. What an argument names has to be in cgroup_device_acl of qemu.conf as well, by hand.',
  sources: ['https://libvirt.org/formatdomain.html#input-devices', 'https://libvirt.org/news.html#v7-4-0-2021-06-01'],
  evaluate(document) {
    const inputs = evdevInputs(document);
    const [first, ...others] = inputs.filter(({ way }) => way === 'argument');
    if (first === undefined) return inputs.slice(0, 1).map(({ spot }) => passAt(document, spot));
    const count = others.length + 1;
    return failAt(
      document,
      first.spot,
      `outdated: ${count === 1 ? 'an input goes' : `${count} inputs go`} to QEMU by -object input-linux, which works`,
      {
        expected: "<input type='evdev'>",
        evidence: others.slice(0, 10).map(({ spot }) => seenAt(document, spot)),
        remedy: xmlRemedy(
          document,
          `You may write <input type='evdev'><source dev='…' grab='all' repeat='on'/></input> instead (libvirt 7.4 and later)`,
        ),
      },
    );
  },
});
