import { defineCheck, type SubjectOutcome } from '../../../src/engine/check.ts';
import { couldNotLook, fail, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import type { Emulator, QemuVersion } from '../../../src/facts/qemu.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { installSteps } from '../../../src/remedy/packages.ts';

/** Without these a Windows 11 guest cannot be: the TPM 2.0 emulator with the CRB interface came with QEMU 2.12. */
const FLOOR: QemuVersion = [2, 12, 0];
/** The oldest that upstream libvirt 11 supports, and the first with device options in JSON, in which kvmfr is configured. */
const SUPPORTED: QemuVersion = [6, 2, 0];

export default defineCheck({
  id: 'preflight/qemu/version',
  title: 'QEMU for x86_64 is there and new enough for Windows 11 with a GPU',
  severity: 'blocker',
  needs: ['qemu'],
  wants: ['platform'],
  why: "QEMU before 2.12 has no TPM that Windows 11 takes; before 6.2 it lacks what today's libvirt and Looking Glass are made for.",
  sources: [
    'https://wiki.qemu.org/ChangeLog/2.12',
    'https://wiki.qemu.org/ChangeLog/6.2',
    'https://looking-glass.io/docs/B7/ivshmem_kvmfr/',
  ],
  evaluate({ qemu, platform }) {
    const { system, others } = qemu;
    const results = others.map((emulator): SubjectOutcome => ({ subject: emulator.path, outcome: judge(emulator, platform) }));
    if (system.state === 'ok') {
      const outcome = judge(system.value, platform);
      return others.length === 0 ? outcome : [{ subject: system.value.path, outcome }, ...results];
    }
    if (system.state === 'unreadable') return couldNotLook('/usr/bin/qemu-system-x86_64', system.detail, 'run passcheck as root');
    if (results.some(({ outcome }) => outcome.status === 'pass')) return results;
    return fail('QEMU for x86_64 is not installed', {
      evidence: [{ source: '/usr/bin/qemu-system-x86_64', observed: 'not there', expected: 'QEMU 6.2 or later' }],
      remedy: install('Install QEMU', platform),
    });
  },
});

function judge({ path, domains, version }: Emulator, platform: Attempt<Platform>): Outcome {
  const source = `${path} --version`;
  // A build of one's own is nothing that a GO should wait for.
  const severity = domains.length === 0 ? undefined : 'major';
  const users = domains.length === 0 ? '' : ` (of ${domains.join(', ')})`;
  if (version.state === 'unreadable') return couldNotLook(source, version.detail, 'run the command by hand', severity);
  if (version.state === 'absent') {
    return fail(`the emulator${users} is not there`, {
      evidence: [{ source: path, observed: 'not there' }],
      remedy: { summary: `Correct <emulator> with \`virsh edit\`, or install what belongs there` },
    });
  }
  const text = version.value.join('.');
  if (isAtLeast(version.value, SUPPORTED)) return pass({ source, observed: text });
  const evidence = [{ source, observed: text, expected: '6.2 or later' }] as const;
  const remedy = install('Install a newer QEMU: upgrade the distribution, or use its backports', platform);
  if (!isAtLeast(version.value, FLOOR)) return fail(`QEMU ${text} is too old for Windows 11: it has no fitting TPM`, { evidence, remedy });
  return fail(`QEMU ${text} is older than 6.2`, { evidence, remedy, severity: 'major' });
}

function install(summary: string, platform: Attempt<Platform>): Remedy {
  return platform.ok ? { summary, steps: installSteps(platform.value, ['qemu']) } : { summary };
}
