import { type Enlightenments, enlightenmentsOf, hasSwitch, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook } from '../../../src/engine/outcome.ts';
import { isAtLeast, type Version, versionText } from '../../../src/facts/version.ts';
import { emulatorVersion } from '../emulator-version.ts';
import { enlightenedWindows, visibleHypervisor } from '../hyperv-applies.ts';
import { virtualInterrupts } from '../hyperv-virtual-interrupts.ts';

/** An enlightenment, or a part of one, with the first releases that have it. */
interface Newer {
  readonly name: string;
  readonly part?: string;
  readonly libvirt: Version;
  readonly qemu: Version;
  /** The first kernel whose KVM offers it. QEMU does not start without. */
  readonly linux: Version;
}

const NEWER: readonly Newer[] = [
  { name: 'avic', libvirt: [8, 10], qemu: [6, 2], linux: [5, 15] },
  { name: 'emsr_bitmap', libvirt: [10, 7], qemu: [7, 1], linux: [5, 18] },
  { name: 'xmm_input', libvirt: [10, 7], qemu: [7, 1], linux: [5, 14] },
  { name: 'tlbflush', part: 'direct', libvirt: [11, 0], qemu: [7, 1], linux: [6, 2] },
  { name: 'tlbflush', part: 'extended', libvirt: [11, 0], qemu: [7, 1], linux: [6, 2] },
];

export default defineDomainRule({
  id: 'domain/hyperv/newer-enlightenments',
  title: 'The enlightenments that came later are on where this host has them',
  severity: 'minor',
  host: ['libvirt', 'qemu', 'kernel', 'cpu'],
  applies: [enlightenedWindows, visibleHypervisor],
  why: 'They save exits: cheaper flushes and hypercalls, cheaper nesting (memory integrity, WSL 2), and hardware that goes on delivering interrupts next to SynIC.',
  sources: [
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations',
    'https://libvirt.org/formatdomain.html#hypervisor-features',
  ],
  evaluate(document, { libvirt, qemu, kernel, cpu }) {
    const emulator = emulatorVersion(document, { ok: true, value: qemu });
    if (libvirt.version === null || emulator === null || kernel.version === null) {
      const unknown = [
        ...(libvirt.version === null ? ['libvirt'] : []),
        ...(emulator === null ? ['QEMU'] : []),
        ...(kernel.version === null ? ['the kernel'] : []),
      ];
      const reason = `not known: the version of ${unknown.join(' and of ')}`;
      return couldNotLook('virsh version, uname -r', reason, 'look at `virsh version` and `uname -r` by hand');
    }
    const versions = { libvirt: libvirt.version, qemu: emulator, linux: kernel.version };
    const known = NEWER.filter((newer) => (['libvirt', 'qemu', 'linux'] as const).every((of) => isAtLeast(versions[of], newer[of])));
    const fitting = known.filter(({ name }) => name !== 'avic' || virtualInterrupts(cpu).isOn === true);
    const enlightenments = enlightenmentsOf(document.root);
    const spot = enlightenments.block ?? first(document.root, 'features') ?? document.root;
    const off = fitting
      .filter((newer) => !isOn(enlightenments, newer))
      .map(({ name, part }) => (part === undefined ? name : `${name} ${part}`));
    if (off.length === 0) return passAt(document, spot);
    const evidence = { source: 'virsh version, uname -r', observed: versionsText(versions) };
    return failAt(document, spot, `this host knows more enlightenments than are on: ${off.join(', ')}`, {
      evidence: [evidence],
      remedy: xmlRemedy(document, 'Turn them on; remove again what QEMU does not start with', {
        inside: '<hyperv>',
        write: xmlOf(off),
      }),
    });
  },
});

function isOn(enlightenments: Enlightenments, { name, part }: Newer): boolean {
  if (enlightenments.mode === 'host') return true;
  return part === undefined ? isEnlightened(enlightenments, name) : hasSwitch(enlightenments, name, part);
}

/** The parts of `<tlbflush>` go into one. */
function xmlOf(off: readonly string[]): string {
  const parts = off.flatMap((name) => name.split(' ')[1] ?? []);
  const whole = off.filter((name) => !name.includes(' ')).map((name) => `<${name} state='on'/>`);
  const flush = parts.length === 0 ? [] : [`<tlbflush state='on'>${PARTS.map((part) => `<${part} state='on'/>`).join('')}</tlbflush>`];
  return [...whole, ...flush].join('');
}

const PARTS = ['direct', 'extended'];

function versionsText({ libvirt, qemu, linux }: Readonly<Record<'libvirt' | 'qemu' | 'linux', Version>>): string {
  return `libvirt ${versionText(libvirt)}, QEMU ${versionText(qemu)}, Linux ${versionText(linux)}`;
}
