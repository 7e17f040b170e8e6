import { windowsGuest } from '../../../src/domain/applies.ts';
import { HYPERV_CLOCK } from '../../../src/domain/enlightenments.ts';
import { qemuOptions } from '../../../src/domain/qemu-devices.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { kvmDomain } from '../hyperv-applies.ts';
import { ESSENTIAL } from '../hyperv-recommended.ts';

export default defineDomainRule({
  id: 'domain/hyperv/cpu-argument',
  title: 'libvirt alone describes the CPU',
  severity: 'major',
  applies: [windowsGuest, kvmDomain],
  why: 'QEMU obeys the last -cpu, and that is not the one of libvirt: what <cpu>, <hyperv>, <kvm> and the timer hypervclock say does not reach the guest.',
  sources: [
    'https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands',
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#setup',
  ],
  evaluate(document) {
    const last = qemuOptions(document, 'cpu').at(-1);
    if (last === undefined) return passWithout(document, 'no -cpu among the arguments for QEMU');
    const missing = missingIn(last.value);
    const lost = missing.length === 0 ? '' : `, and is without ${missing.join(', ')}`;
    return failAt(document, last.element, `-cpu replaces the CPU of libvirt${lost}`, {
      ...(missing.length === 0 ? { severity: 'minor' } : {}),
      remedy: xmlRemedy(
        document,
        "Remove -cpu and write what it says in <cpu>, <hyperv> and <clock>. kvm=off is <kvm><hidden state='on'/></kvm>, and no longer needed: GeForce drivers run in virtual machines since 465",
      ),
    });
  },
});

/** The essential enlightenments that a value of `-cpu` does not turn on; QEMU takes `hv_time` for `hv-time`. */
function missingIn(value: string): readonly string[] {
  const words = value
    .slice(0, 4096)
    .split(',')
    .filter((word) => !word.endsWith('=off'));
  const on = new Set(words.map((word) => word.replace(/=.*$/s, '').replaceAll('_', '-')));
  if (on.has('hv-passthrough')) return [];
  return [...ESSENTIAL, HYPERV_CLOCK].filter((name) => !on.has(name === HYPERV_CLOCK ? 'hv-time' : `hv-${name}`));
}
