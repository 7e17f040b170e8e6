import { hasHypervClock, setTimer, timersNamed } from '../../../src/domain/timers.ts';
import { enlightenmentsOf } from '../../../src/domain/enlightenments.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows, visibleHypervisor } from '../hyperv-applies.ts';
import { into } from '../hyperv-place.ts';

const XML = "<timer name='hypervclock' present='yes'/>";

export default defineDomainRule({
  id: 'domain/hyperv/hypervclock',
  title: 'Windows has the Hyper-V clock',
  severity: 'major',
  applies: [enlightenedWindows, visibleHypervisor],
  why: 'Windows then reads the time without leaving the guest. Without it Windows falls back on emulated timers, and cannot have the synthetic ones.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments',
    'https://libvirt.org/formatdomain.html#time-keeping',
  ],
  evaluate(document) {
    const { root } = document;
    const { mode, block } = enlightenmentsOf(root);
    const timer = timersNamed(root, 'hypervclock').at(-1);
    if (mode === 'host' && block !== undefined) return passAt(document, block);
    if (hasHypervClock(root)) return passAt(document, timer ?? root);
    const spot = timer ?? first(root, 'clock') ?? root;
    const message = timer === undefined ? 'there is no timer hypervclock' : "the timer hypervclock is off: only present='yes' turns it on";
    return failAt(document, spot, message, {
      expected: XML,
      remedy: xmlRemedy(document, 'Turn on the Hyper-V clock', into(document, 'clock', XML)),
      edits: [setTimer(document, 'hypervclock', 'present', 'yes')],
    });
  },
});
