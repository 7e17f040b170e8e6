import type { DomainDocument } from '../../../src/domain/document.ts';
import { windowsGuest } from '../../../src/domain/applies.ts';
import { qemuOptions } from '../../../src/domain/qemu-devices.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/hyperv/clock-localtime',
  title: 'The hardware clock of Windows shows the local time',
  severity: 'minor',
  applies: [windowsGuest],
  why: 'Windows takes the hardware clock for local time. On UTC its time is off by the time zone after each start, until it asks a time server.',
  sources: ['https://libvirt.org/formatdomain.html#time-keeping'],
  evaluate(document) {
    if (qemuOptions(document, 'rtc').length > 0) return notApplicable('-rtc among the arguments for QEMU replaces the clock of libvirt');
    const { clock, offset, basis } = clockOf(document);
    if (offset === 'absolute') return notApplicable('the clock starts at a time that somebody chose');
    if (offset === 'localtime' || offset === 'timezone' || basis === 'localtime') return passAt(document, clock ?? document.root);
    const written =
      offset === null
        ? 'nothing says what the hardware clock shows, and libvirt sets it to UTC'
        : `the hardware clock shows UTC: offset='${offset.slice(0, 40)}'`;
    return failAt(document, clock ?? document.root, written, {
      expected: "offset='localtime'",
      // Not done by --fix: a Windows that was told to keep UTC would be wrong then.
      remedy: xmlRemedy(
        document,
        "Set <clock offset='localtime'>, unless RealTimeIsUniversal is set to 1 in the registry of this Windows: then it expects UTC",
      ),
    });
  },
});

function clockOf({ root }: DomainDocument): { clock: XmlElement | undefined; offset: string | null; basis: string | null } {
  const clocks = all(root, 'clock');
  const clock = clocks.find((candidate) => attribute(candidate, 'offset') !== null) ?? clocks[0];
  const offset = attribute(clock, 'offset');
  return { clock, offset, basis: offset === 'variable' ? attribute(clock, 'basis') : null };
}
