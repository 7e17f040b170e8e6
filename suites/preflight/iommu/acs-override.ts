import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, pass, type Remedy } from '../../../src/engine/outcome.ts';
import { asWord } from '../../../src/facts/iommu-switches.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';

const NAME = 'pcie_acs_override';
/** The patch prints this when its option is read; no kernel without the patch does. */
const IN_EFFECT = /PCIe ACS overrides enabled/;
/** Kernels that carry the patch name themselves: Proxmox, Zen, Liquorix, XanMod, CachyOS. */
const PATCHED = /[-.](?:pve|zen|lqx|liquorix|xanmod|cachyos)/i;

export default defineCheck({
  id: 'preflight/iommu/acs-override',
  title: 'IOMMU groups are those of the hardware, not made up by the ACS override',
  severity: 'major',
  needs: ['kernel'],
  wants: ['kernelLog', 'platform'],
  why: 'The override patch splits groups whose devices can still reach each other: a guest may read and write the memory of the host through them.',
  sources: ['https://lkml.org/lkml/2013/5/30/513', 'https://vfio.blogspot.com/2014/08/iommu-groups-inside-and-out.html'],
  evaluate({ kernel, kernelLog, platform }) {
    const words = kernel.parameters.filter(({ name }) => name === NAME).map(asWord);
    const onCommandLine = { source: '/proc/cmdline', observed: words.join(' ') };
    if (words.length === 0) return pass({ source: '/proc/cmdline', observed: `no ${NAME}` });
    const summary = `Remove ${NAME} from the kernel command line, and use the groups that the hardware has`;
    const remedy: Remedy = platform.ok ? { summary, steps: kernelParameterSteps(platform.value, { remove: words }) } : { summary };
    const message = 'the ACS override is in effect: groups are split that the hardware does not keep apart';
    const lines = kernelLog.ok ? kernelLog.value.lines : [];
    const source = kernelLog.ok ? kernelLog.value.source : 'dmesg';
    const enabled = lines.find((line) => IN_EFFECT.test(line));
    if (enabled !== undefined) return fail(message, { evidence: [onCommandLine, { source, observed: enabled }], remedy });
    const unknown = lines.find((line) => line.startsWith('Unknown kernel command line parameters') && line.includes(NAME));
    if (unknown !== undefined || (kernelLog.ok && kernelLog.value.hasBeginning)) {
      return notApplicable(`this kernel does not know ${NAME}, so it has no effect`);
    }
    if (PATCHED.test(kernel.release ?? '')) {
      const release = { source: '/proc/sys/kernel/osrelease', observed: kernel.release ?? '' };
      return fail(message, { evidence: [onCommandLine, release], remedy });
    }
    const reason = kernelLog.ok ? 'the beginning of the kernel log is lost' : kernelLog.error.reason;
    return couldNotLook(
      source,
      reason,
      `${NAME} is on the command line; run passcheck as root, or look whether dmesg says "PCIe ACS overrides enabled"`,
    );
  },
});
