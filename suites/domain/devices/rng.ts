import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { isAtLeast } from '../../../src/facts/version.ts';

export default defineDomainRule({
  id: 'domain/devices/rng',
  title: 'The guest’s random numbers never wait for the host',
  severity: 'info',
  why: 'Before Linux 5.6 /dev/random could block for minutes, and the guest with it; since then it is the same as /dev/urandom.',
  sources: [
    'https://libvirt.org/formatdomain.html#random-number-generator-device',
    'https://www.man7.org/linux/man-pages/man4/random.4.html',
  ],
  wantsHost: ['kernel'],
  evaluate(document, { kernel }) {
    const version = kernel.ok ? kernel.value.version : null;
    const blocks = version !== null && !isAtLeast(version, [5, 6]);
    const release = kernel.ok ? (kernel.value.release ?? '') : '';
    return all(document.root, 'devices', 'rng').map((rng) => {
      const backend = first(rng, 'backend');
      // /dev/random is what libvirt takes where nothing is written.
      const isRandom = attribute(backend, 'model') === 'random' && ['', '/dev/random'].includes(backend?.text.trim() ?? '');
      if (!isRandom || backend === undefined) return passAt(document, backend ?? rng);
      const message = blocks
        ? 'the guest waits for /dev/random, which blocks on this kernel'
        : 'outdated: /dev/random where /dev/urandom is enough';
      return failAt(document, backend, message, {
        expected: '/dev/urandom',
        remedy: xmlRemedy(document, 'Write /dev/urandom', {
          inside: '<rng>',
          within: rng,
          write: "<backend model='random'>/dev/urandom</backend>",
        }),
        ...(blocks ? { severity: 'minor' as const, evidence: [{ source: '/proc/sys/kernel/osrelease', observed: release }] } : {}),
      });
    });
  },
});
