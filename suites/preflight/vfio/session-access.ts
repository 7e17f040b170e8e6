import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotCollect, couldNotLook, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import type { FactError } from '../../../src/facts/fact-error.ts';
import type { VfioGroupDevice } from '../../../src/facts/vfio-access.ts';

export default defineCheck({
  id: 'preflight/vfio/session-access',
  title: 'In a session, the user may open the devices of VFIO',
  severity: 'blocker',
  needs: ['config'],
  wants: ['caller', 'vfioAccess'],
  why: 'QEMU of qemu:///session runs as the user, and nobody hands it the GPU: the device of its IOMMU group must be the user’s own.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#usb-pci-scsi-devices'],
  evaluate({ config, caller, vfioAccess }) {
    if (config.connection === 'qemu:///system') return notApplicable('libvirt hands QEMU the devices itself under qemu:///system');
    if (!vfioAccess.ok) return notSeen(vfioAccess.error);
    if (!caller.ok) return notSeen(caller.error);
    if (vfioAccess.value.length === 0) return notApplicable('nothing that is passed through is in an IOMMU group');
    const { isRoot, name, uid } = caller.value;
    if (isRoot) return couldNotLook('/proc/self/status', 'root may open everything', 'run passcheck without sudo');
    return vfioAccess.value.map((device) => ({ subject: device.path, outcome: judge(device, name ?? String(uid)) }));
  },
});

function notSeen(error: FactError): Outcome {
  return couldNotCollect(error, 'run passcheck on the host');
}

function judge({ path, devices, stat, callerMayUse }: VfioGroupDevice, user: string): Outcome {
  if (stat.state === 'unreadable') return couldNotLook(path, stat.detail, 'run passcheck on the host');
  if (stat.state === 'absent') {
    return fail(`there is no ${path}, and a session cannot bind ${devices.join(', ')} to vfio-pci when the VM starts`, {
      evidence: [{ source: path, observed: 'not there', expected: 'a device' }],
      remedy: { summary: 'Have vfio-pci take the devices at boot: see preflight/vfio/early-binding' },
    });
  }
  if (callerMayUse.state !== 'ok') return couldNotLook(path, 'not known whether this user may open it', 'run passcheck on the host');
  const { mode, uid, gid } = stat.value;
  const observed = `mode ${mode.toString(8).padStart(4, '0')}, uid ${uid}, gid ${gid}`;
  if (callerMayUse.value) return pass({ source: path, observed: `${observed}, open to ${user}` });
  return fail(`${user} may not open ${path}`, {
    evidence: [{ source: path, observed, expected: `readable and writable for ${user}` }],
    remedy: {
      summary: `Give the devices of VFIO to ${user}, or define the VM under qemu:///system, where libvirt does that`,
      steps: [
        { file: '/etc/udev/rules.d/10-vfio.rules', line: `SUBSYSTEM=="vfio", OWNER="${user.replaceAll(/[^\w.@-]/g, '')}"` },
        { run: 'udevadm control --reload' },
        { run: 'udevadm trigger --subsystem-match=vfio' },
      ],
    },
  });
}
