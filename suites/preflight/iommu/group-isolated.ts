import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type Remedy,
  type RemedyStep,
} from '../../../src/engine/outcome.ts';
import { type GroupMember, otherMembers } from '../../../src/facts/group-members.ts';
import { type MergeReason, mergeReasons } from '../../../src/facts/group-merge.ts';
import { functionsInTheWay } from '../../../src/facts/host-use.ts';
import { isIommuInForce, iommuVendor, type IommuGroup } from '../../../src/facts/iommu.ts';
import { type PassedGroup, passedGroups } from '../../../src/facts/passed-groups.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';

type Facts = CheckFacts<'iommu' | 'passthrough' | 'pciDevices', 'kernel' | 'pciConfig' | 'domains'>;

const DEVICES = '/sys/bus/pci/devices';

export default defineCheck({
  id: 'preflight/iommu/group-isolated',
  title: 'The IOMMU group of each passed-through device holds nothing that the host uses',
  severity: 'blocker',
  needs: ['iommu', 'passthrough', 'pciDevices'],
  wants: ['kernel', 'pciConfig', 'domains'],
  why: 'Devices of one group can reach each other behind the IOMMU, so VFIO gives a guest whole groups only: while a host driver holds one member, the VM does not start.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://docs.kernel.org/driver-api/driver-model/driver.html'],
  evaluate(facts) {
    if (!isIommuInForce(facts.iommu)) return notApplicable('no IOMMU is in force, and that comes first');
    const groups = passedGroups(facts.passthrough.devices, facts.pciDevices, facts.iommu);
    if (groups.length === 0) return notApplicable('no device with an IOMMU group is chosen to be passed through');
    return groups.map((passed) => ({ subject: passed.subject, outcome: judge(passed, facts) }));
  },
});

function judge({ subject, passed, group }: PassedGroup, facts: Facts): Outcome {
  if (group.state !== 'ok') {
    const reason = group.state === 'absent' ? 'its group is not listed in /sys/kernel/iommu_groups' : group.detail;
    return couldNotLook(`${DEVICES}/${subject}/iommu_group`, reason, 'run passcheck on the host itself');
  }
  const others = otherMembers(
    group.value,
    facts.passthrough.devices,
    facts.pciDevices,
    facts.kernel.ok ? facts.kernel.value : { version: null },
  );
  const hidden = others.find(({ mayStay }) => mayStay === null);
  const intruders = others.filter(({ mayStay }) => mayStay === false);
  if (intruders.length > 0) {
    const reasons = mergeReasons(group.value, passed, facts.pciConfig.ok ? facts.pciConfig.value : new Map());
    return shared(group.value, intruders, reasons, iommuVendor(facts.iommu));
  }
  if (hidden?.driver.state === 'unreadable') {
    return couldNotLook(`${DEVICES}/${hidden.name}/driver`, hidden.driver.detail, 'record the host again, as root');
  }
  const own = facts.passthrough.gpus
    .flatMap((gpu) => functionsInTheWay(gpu, facts.domains))
    .filter(({ address }) => group.value.devices.includes(address));
  if (own.length > 0)
    return notApplicable(
      `what the host holds in it is ${own.map(({ address }) => address).join(', ')} of the card itself: see preflight/gpu/all-functions`,
    );
  const evidence = { source: devicesOf(group.value), observed: group.value.devices.join(', ') };
  if (others.length === 0) return pass(evidence);
  return passWith(`${others.map(describe).join(', ')} may stay in the group`, evidence);
}

function shared(
  group: IommuGroup,
  intruders: readonly GroupMember[],
  reasons: readonly MergeReason[],
  vendor: 'intel' | 'amd' | null,
): Outcome {
  const [first] = reasons;
  const why = first === undefined || first.kind === 'hidden' ? '' : `; ${first.address} is ${first.reason}`;
  const who =
    intruders.length > 3
      ? `${intruders.slice(0, 3).map(describe).join(', ')} and ${intruders.length - 3} more`
      : intruders.map(describe).join(', ');
  return fail(`IOMMU group ${group.id} also holds ${who}${why}`, {
    evidence: [
      { source: devicesOf(group), observed: group.devices.join(', ') },
      ...intruders.map(({ name, driver }) => ({
        source: `${devicesOf(group)}/${name}/driver`,
        observed: driver.state === 'ok' ? driver.value : '',
        expected: 'none, vfio-pci, or pcieport for a bridge',
      })),
      ...reasons.map(({ address, reason }): Evidence => ({ source: `${DEVICES}/${address}/config`, observed: reason })),
    ],
    remedy: separate(intruders, reasons, vendor),
  });
}

/** Best first: another slot costs nothing; the override patch only hides the problem, so it is not offered. */
function separate(intruders: readonly GroupMember[], reasons: readonly MergeReason[], vendor: 'intel' | 'amd' | null): Remedy {
  const isConventional = reasons.some(({ kind }) => kind === 'conventional');
  const names = intruders.map(({ name }) => name).join(', ');
  const steps: RemedyStep[] = [
    { text: isConventional ? 'Move the card to a PCI Express slot' : 'Move the card to another slot, best one that is wired to the CPU' },
    ...(isConventional ? [] : firmwareSetupSteps('acs', vendor)),
    { text: `Or, if the host can do without them, bind ${names} to vfio-pci as well` },
    ...(reasons.some(({ kind }) => kind === 'hidden')
      ? [{ run: 'sudo passcheck preflight --only preflight/iommu/group-isolated', text: 'shows which bridge merges the group' }]
      : []),
  ];
  return { summary: 'Get the device into a group of its own', steps };
}

function describe({ name, driver }: GroupMember): string {
  return `${name} (${driver.state === 'ok' ? driver.value : 'no driver'})`;
}

function devicesOf({ id }: IommuGroup): string {
  return `/sys/kernel/iommu_groups/${id}/devices`;
}
