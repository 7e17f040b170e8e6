import type { DomainDocument } from '../../../src/domain/document.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { setTimer, timersNamed } from '../../../src/domain/timers.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { windowsGuest } from '../../../src/domain/applies.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isAskedOfQemu } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';

/** The policy that Windows can live with, for each timer; QEMU's own for the PIT is fine, that for the RTC drops ticks. */
const POLICIES = { rtc: 'catchup', pit: 'delay' } as const;

export default defineDomainRule({
  id: 'domain/hyperv/missed-ticks',
  title: 'Timer ticks that the guest missed are made up for',
  severity: 'minor',
  applies: [windowsGuest],
  why: 'When the host is busy the guest misses ticks of its emulated timers. Windows does not notice, and its clock falls behind.',
  sources: ['https://libvirt.org/formatdomain.html#time-keeping'],
  evaluate(document) {
    const pits = timersNamed(document.root, 'pit');
    return [
      rtcOutcome(document),
      ...pits.filter((timer) => attribute(timer, 'tickpolicy') === 'discard').map((pit) => drops(document, 'pit', pit)),
    ];
  },
});

function rtcOutcome(document: DomainDocument): Outcome {
  const { root } = document;
  const timers = timersNamed(root, 'rtc');
  const good = timers.find((timer) => attribute(timer, 'tickpolicy') === POLICIES.rtc);
  if (good !== undefined) return passAt(document, good);
  if (isAskedOfQemu(document, /\bdriftfix=slew\b/)) return passWithout(document, 'driftfix=slew among the arguments for QEMU');
  return drops(document, 'rtc', timers.at(-1) ?? first(root, 'clock') ?? root);
}

function drops(document: DomainDocument, name: keyof typeof POLICIES, spot: XmlElement): Outcome {
  const xml = `<timer name='${name}' tickpolicy='${POLICIES[name]}'/>`;
  const message = `ticks of the ${name.toUpperCase()} that the guest missed are ${name === 'rtc' ? 'not made up for' : 'thrown away'}`;
  return failAt(document, spot, message, {
    expected: xml,
    remedy: xmlRemedy(document, `Set the policy of the ${name.toUpperCase()}`, into(document, 'clock', xml)),
    edits: [
      name === 'pit' ? setAttribute(document, spot, 'tickpolicy', POLICIES.pit) : setTimer(document, name, 'tickpolicy', POLICIES.rtc),
    ],
  });
}
