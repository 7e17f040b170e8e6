import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotCollect, couldNotLook, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import type { Domain } from '../../../src/domain/model.ts';
import type { FactError } from '../../../src/facts/fact-error.ts';
import { LIMITS_PATH, type ProcessLimits } from '../../../src/facts/process-limits.ts';

export default defineCheck({
  id: 'preflight/memory/memlock',
  title: 'QEMU may lock the memory of the virtual machine',
  severity: 'minor',
  needs: ['config'],
  wants: ['judgedDomains', 'processLimits', 'caller'],
  why: 'VFIO locks all memory of the VM. libvirt’s system daemon raises the limit itself; a session of a user cannot go beyond the user’s.',
  sources: ['https://man7.org/linux/man-pages/man5/limits.conf.5.html', 'https://libvirt.org/formatdomain.html#memory-tuning'],
  evaluate({ config, judgedDomains, processLimits, caller }) {
    if (config.connection === 'qemu:///system') return notApplicable('libvirt raises the limit itself for qemu:///system');
    if (!judgedDomains.ok) return hidden(judgedDomains.error);
    if (!processLimits.ok) return hidden(processLimits.error);
    if (!caller.ok) return hidden(caller.error);
    if (caller.value.isRoot)
      return couldNotLook(LIMITS_PATH, 'root is not limited', 'run passcheck without sudo, as the user of the session');
    return judgedDomains.value.domains
      .filter(({ definition }) => definition.pciDevices.length > 0)
      .map(({ definition }) => ({ subject: definition.name, outcome: judge(definition, processLimits.value, caller.value.name) }));
  },
});

function hidden(error: FactError): Outcome {
  return couldNotCollect(error, 'look at it by hand');
}

/** What libvirt asks for beside the memory: room for device memory. (qemuDomainGetMemLockLimitBytes in libvirt's qemu_domain.c) */
const EXTRA_KIB = 1024 * 1024;

function judge(domain: Domain, { lockedMemoryHard }: ProcessLimits, user: string | null): Outcome {
  const neededKiB = domain.memoryKiB + EXTRA_KIB;
  const limitKiB = lockedMemoryHard / 1024;
  const observed = limitKiB === Number.POSITIVE_INFINITY ? 'unlimited' : `${Math.floor(limitKiB / 1024)} MiB`;
  const evidence = { source: `${LIMITS_PATH} (Max locked memory, hard limit)`, observed, expected: `${Math.ceil(neededKiB / 1024)} MiB` };
  if (limitKiB >= neededKiB) return pass(evidence);
  return fail(`${observed} may be locked, ${domain.name} needs ${Math.ceil(neededKiB / 1024)} MiB`, {
    evidence: [evidence],
    remedy: {
      summary: 'Raise the limit of locked memory for the user, and log in again',
      steps: [
        { file: '/etc/security/limits.d/90-vfio.conf', line: `${user ?? 'USER'} - memlock ${Math.ceil(neededKiB)}` },
        {
          file: '/etc/systemd/system/user@.service.d/90-vfio.conf',
          line: `[Service]\nLimitMEMLOCK=${Math.ceil(neededKiB)}K`,
          reboot: true,
        },
      ],
    },
  });
}
