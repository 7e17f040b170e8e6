import { setTimer, timersNamed } from '../../../src/domain/timers.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { windowsGuest } from '../../../src/domain/applies.ts';
import { isAskedOfQemu } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';

const XML = "<timer name='hpet' present='no'/>";

export default defineDomainRule({
  id: 'domain/hyperv/hpet-off',
  title: 'The guest has no HPET',
  // What costs much is that the synthetic timers are off, and another rule says so.
  severity: 'minor',
  applies: [windowsGuest],
  why: 'QEMU emulates an HPET unless told. Windows that uses it (some versions do without synthetic timers, and when told to with useplatformclock) leaves the guest for each look at the clock.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments',
    'https://libvirt.org/formatdomain.html#time-keeping',
  ],
  evaluate(document) {
    const { root } = document;
    const timers = timersNamed(root, 'hpet');
    const off = timers.find((timer) => attribute(timer, 'present') === 'no');
    if (off !== undefined) return passAt(document, off);
    if (isAskedOfQemu(document, /^-no-hpet$|\bhpet=off\b/)) return passWithout(document, 'HPET turned off among the arguments for QEMU');
    const spot = timers.at(-1) ?? first(root, 'clock') ?? root;
    const message = timers.length === 0 ? 'nothing turns the HPET off, and QEMU emulates one by default' : 'the HPET is on';
    return failAt(document, spot, message, {
      expected: XML,
      remedy: xmlRemedy(document, 'Turn the HPET off', into(document, 'clock', XML)),
      edits: [setTimer(document, 'hpet', 'present', 'no')],
    });
  },
});
