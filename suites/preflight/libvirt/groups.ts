import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, pass } from '../../../src/engine/outcome.ts';
import { configuredGroups } from '../../../src/facts/accounts.ts';

/** Groups that open something a VM needs: libvirt's socket, /dev/kvm, input devices for evdev, render nodes, disks. */
const RELEVANT = new Set(['libvirt', 'libvirtd', 'libvirt-qemu', 'kvm', 'input', 'render', 'video', 'disk', 'qemu']);

export default defineCheck({
  id: 'preflight/libvirt/groups',
  title: "The user's groups are in effect",
  severity: 'minor',
  needs: ['caller', 'accounts'],
  why: 'A user who was put into a group has it only after the next login: until then access is refused for no visible reason.',
  sources: ['https://man7.org/linux/man-pages/man7/credentials.7.html'],
  evaluate({ caller, accounts }) {
    if (caller.isRoot && caller.sudoUser === null) return notApplicable('root needs no group');
    const user = caller.sudoUser ?? caller;
    const groups = caller.sudoUser === null ? caller.groups : caller.sudoUser.process?.groups;
    if (groups === undefined) {
      return couldNotLook('/proc/self/status', "under sudo the groups in effect are root's", 'run passcheck without sudo');
    }
    const source = `/proc/${caller.sudoUser?.process?.pid ?? 'self'}/status`;
    const configured = configuredGroups(accounts, user);
    const relevant = configured.filter(({ name }) => RELEVANT.has(name));
    const pending = relevant.filter(({ gid }) => !groups.includes(gid)).map(({ name }) => name);
    if (pending.length === 0) {
      const names = relevant.map(({ name }) => name).join(', ');
      return pass({ source, observed: names === '' ? 'in none that matters to VMs' : `in effect: ${names}` });
    }
    return fail(`not in effect until the next login: ${pending.join(', ')}`, {
      evidence: [
        { source: '/etc/group', observed: `${user.name ?? user.uid} is in ${pending.join(', ')}` },
        { source, observed: `groups ${groups.join(' ')}`, expected: 'their ids too' },
      ],
      remedy: { summary: 'Log out of the whole desktop session and in again (or reboot)' },
    });
  },
});
