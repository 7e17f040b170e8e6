import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import type { DeviceNeed, NeededDevices } from '../../../src/facts/needed-devices.ts';

export default defineCheck({
  id: 'preflight/vfio/other-devices',
  title: 'The host does not stand on drives and network cards that are passed with the GPU',
  severity: 'blocker',
  needs: ['neededDevices'],
  why: 'libvirt takes a managed device from the host when the virtual machine starts, whatever is mounted on it: the file system is torn out from under the host.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate({ neededDevices }) {
    if (neededDevices.others.length === 0) return notApplicable('no virtual machine is given anything besides a GPU');
    return neededDevices.others.map((address) => ({ subject: address, outcome: judge(address, neededDevices) }));
  },
});

function judge(address: string, { needs, unseen }: NeededDevices): Outcome {
  const own = needs.filter((need) => need.address === address);
  const [first, ...more] = own.map(({ source, observed }): Evidence => ({ source, observed }));
  if (first !== undefined) return needed(address, own, [first, ...more]);
  const [hidden] = unseen;
  if (hidden !== undefined) return couldNotLook(hidden.source, hidden.reason, 'Look by hand on which hardware it lies');
  return pass({ source: '/proc/self/mounts, /proc/swaps, /proc/net/route', observed: `nothing lies on ${address}` });
}

function needed(address: string, own: readonly DeviceNeed[], evidence: readonly [Evidence, ...Evidence[]]): Outcome {
  const isDisk = own.some(({ kind }) => kind === 'disk');
  return fail(isDisk ? `the host uses file systems on ${address}` : `the host reaches its network through ${address}`, {
    evidence,
    remedy: {
      summary: isDisk
        ? `Take ${address} out of the virtual machine, or unmount what lies on it for good`
        : `Take ${address} out of the virtual machine, or give the host another way to its network`,
      steps: isDisk ? [{ run: 'lsblk -o NAME,MOUNTPOINTS' }, { run: `lspci -s ${address}` }] : [{ run: 'ip route show default' }],
    },
    severity: isDisk ? 'blocker' : 'major',
  });
}
