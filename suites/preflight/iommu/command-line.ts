import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import { fail, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { iommuVendor } from '../../../src/facts/iommu.ts';
import { type IdleWord, judgeWord, type WordContext } from '../../../src/facts/iommu-words.ts';
import { asWord } from '../../../src/facts/iommu-switches.ts';
import { configValue } from '../../../src/facts/kernel-config.ts';
import { kernelAtLeast } from '../../../src/facts/kernel.ts';
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
    const idle = new Map(
      facts.kernel.parameters.flatMap((parameter): [string, IdleWord][] => {
        const found = judgeWord(parameter, context);
        return found === null ? [] : [[found.word, found]];
      }),
    );
    if (idle.size > 0) return [...idle.values()].map((found) => ({ subject: found.word, outcome: judge(found, facts) }));
    const words = facts.kernel.parameters.filter(({ name }) => /iommu|vfio|intremap|acs/.test(name)).map(asWord);
    return pass({ source: '/proc/cmdline', observed: words.length === 0 ? 'no option for passthrough' : words.join(' ') });
  },
});

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
