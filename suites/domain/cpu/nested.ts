import { windowsGuest } from '../../../src/domain/applies.ts';
import { featureState, guestCpu, isHostCpu } from '../../../src/domain/guest-cpu.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable } from '../../../src/engine/outcome.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import type { Attempt } from '../../../src/facts/fact.ts';

export default defineDomainRule({
  id: 'domain/cpu/nested',
  title: 'Windows cannot run virtual machines of its own, unless that is wanted',
  severity: 'info',
  wantsHost: ['cpu'],
  why: 'Windows 11 protects itself with its own hypervisor where the processor lets it (memory integrity, VBS). Inside of a VM that costs speed; WSL 2 and Hyper-V need it.',
  sources: [
    'https://learn.microsoft.com/en-us/windows-hardware/design/device-experiences/oem-vbs',
    'https://www.qemu.org/docs/master/system/i386/hyperv.html#existing-enlightenments',
  ],
  applies: [windowsGuest],
  evaluate(document, { cpu: host }) {
    const cpu = guestCpu(document);
    const asked = ['vmx', 'svm'].find((name) => featureState(cpu, name) === true);
    const feature = cpu.features.find(({ name }) => ['vmx', 'svm'].includes(name));
    if (asked !== undefined) {
      const message = `${asked} is switched on: Windows can run virtual machines, and may turn VBS on`;
      return failAt(document, feature?.element ?? cpu.element ?? document.root, message, { remedy: switchOff(document, asked) });
    }
    if (feature !== undefined) return passAt(document, feature.element);
    const { element } = cpu;
    if (element === undefined || !isHostCpu(cpu)) return notApplicable('the guest is not shown the processor of the host');
    if (document.guest.version !== '11') return notApplicable('nothing says that this Windows turns VBS on by itself');
    const nesting = nestingOf(host);
    if (nesting === null) return notApplicable('whether this host lets guests run virtual machines is not known');
    if (!nesting.isAllowed)
      return passAt(document, element, `the host does not let guests run virtual machines (${nesting.evidence.source})`);
    return failAt(document, element, `the guest is shown ${nesting.flag}: Windows can run virtual machines, and may turn VBS on`, {
      evidence: [nesting.evidence],
      remedy: switchOff(document, nesting.flag),
    });
  },
});

function switchOff(document: Parameters<typeof xmlRemedy>[0], flag: string): ReturnType<typeof xmlRemedy> {
  return xmlRemedy(document, 'Switch it off where nothing in the guest needs it; memory integrity can be switched off in Windows, too', {
    inside: '<cpu>',
    write: `<feature policy='disable' name='${flag}'/>`,
  });
}

interface Nesting {
  readonly flag: 'vmx' | 'svm';
  readonly isAllowed: boolean;
  readonly evidence: Evidence;
}

function nestingOf(host: Attempt<Cpu>): Nesting | null {
  const kvm = host.ok && host.value.kvmModule.state === 'ok' ? host.value.kvmModule.value : null;
  if (kvm === null || kvm.allowsNesting === null) return null;
  const evidence = { source: `/sys/module/${kvm.name}/parameters/nested`, observed: kvm.allowsNesting ? 'Y' : 'N' };
  return { flag: kvm.name === 'kvm_amd' ? 'svm' : 'vmx', isAllowed: kvm.allowsNesting, evidence };
}
