import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import { couldNotLook, fail, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { iommuVendor } from '../../../src/facts/iommu.ts';
import { type IdleWord, judgeWord, type WordContext } from '../../../src/facts/iommu-words.ts';
import { asWord } from '../../../src/facts/iommu-switches.ts';
import { configValue } from '../../../src/facts/kernel-config.ts';
import { kernelAtLeast, type KernelParameter } from '../../../src/facts/kernel.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';

type Facts = CheckFacts<'kernel', 'iommu' | 'kernelConfig' | 'kernelLog' | 'platform'>;

export default defineCheck({
  id: 'preflight/iommu/command-line',
  title: 'Every passthrough option on the kernel command line does something',
  severity: 'minor',
  needs: ['kernel'],
  wants: ['iommu', 'kernelConfig', 'kernelLog', 'platform'],
  why: 'An option that the kernel ignores looks like a setting and is none: the next person relies on it, or looks for the fault in the wrong place.',
  sources: ['https://docs.kernel.org/admin-guide/kernel-parameters.html'],
  evaluate(facts) {
    const context = contextOf(facts);
    const found = facts.kernel.parameters.flatMap((parameter) => {
      const idle = judgeWord(parameter, context);
      const outcome = idle === null ? undecided(parameter, facts) : judge(idle, facts);
      return outcome === null ? [] : [{ subject: asWord(parameter), outcome }];
    });
    if (found.length > 0) return [...new Map(found.map((one) => [one.subject, one])).values()];
    const words = facts.kernel.parameters.filter(({ name }) => /iommu|vfio|intremap|acs/.test(name)).map(asWord);
    return pass({ source: '/proc/cmdline', observed: words.length === 0 ? 'no option for passthrough' : words.join(' ') });
  },
});

/** Words that do something on some kernels only, where it cannot be seen which kernel this is. */
function undecided({ name, value }: KernelParameter, { kernelLog, kernelConfig }: Facts): Outcome | null {
  if (name === 'pcie_acs_override' && !kernelLog.ok) {
    return couldNotLook(
      kernelLog.error.source,
      kernelLog.error.reason,
      'run passcheck as root: only a patched kernel knows pcie_acs_override',
    );
  }
  if (name === 'video' && /^(?:efifb|vesafb):off$/.test(value ?? '') && !kernelConfig.ok) {
    return couldNotLook(
      kernelConfig.error.source,
      kernelConfig.error.reason,
      `see in /proc/fb whether this kernel uses simpledrm, which does not read video=${value}`,
    );
  }
  return null;
}

function contextOf({ kernel, iommu, kernelConfig, kernelLog }: Facts): WordContext {
  return {
    vendor: iommu.ok ? iommuVendor(iommu.value) : null,
    hasNoVirqfd: kernelAtLeast(kernel, 6, 2),
    hasSimpleFramebuffer: kernelConfig.ok ? configValue(kernelConfig.value, 'CONFIG_SYSFB_SIMPLEFB') === 'y' : null,
    reportedUnknown: new Set(kernelLog.ok ? kernelLog.value.lines.flatMap(unknownNames) : []),
  };
}

/** `Unknown kernel command line parameters "splash pcie_acs_override=downstream", will be passed to user space.` (5.14) */
function unknownNames(line: string): string[] {
  const [, words] = /^Unknown kernel command line parameters "([^"]*)"/.exec(line) ?? [];
  return (words ?? '').split(' ').flatMap((word) => word.split('=', 1)[0]?.replaceAll('-', '_') ?? []);
}

function judge({ word, reason, instead }: IdleWord, { platform }: Facts): Outcome {
  const summary =
    instead === null ? `Remove ${word} from the kernel command line` : `Write ${instead} instead of ${word} on the kernel command line`;
  const change = { remove: [word], add: instead === null ? [] : instead.split(' ') };
  return fail(`${word}: ${reason}`, {
    evidence: [{ source: '/proc/cmdline', observed: word }],
    remedy: platform.ok ? { summary, steps: kernelParameterSteps(platform.value, change) } : { summary },
  });
}
