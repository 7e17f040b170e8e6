import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './lifecycle.ts';

const PANIC = "<panic model='hyperv'/>";

describe(rule.id, () => {
  it('passes for the defaults, written or not', () => {
    const body = '<on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>';
    expect(judgeDomain(rule, { body }).map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['<on_poweroff>preserve</on_poweroff>', 'libvirt refuses "preserve" for on_poweroff', 'blocker'],
    ['<on_reboot>coredump-destroy</on_reboot>', 'libvirt refuses "coredump-destroy" for on_reboot', 'blocker'],
    ['<on_crash>rename-restart</on_crash>', 'libvirt refuses "rename-restart" for on_crash', 'blocker'],
    ['<on_poweroff>restart</on_poweroff>', 'the guest starts again when it is shut down', 'major'],
    ['<on_reboot>destroy</on_reboot>', 'the VM stays off when the guest reboots, as setup and updates do', 'minor'],
  ])('fails for %s', (body, message, severity) => {
    const outcome = judgeOneDomain(rule, { body });
    expect(outcome).toMatchObject({ status: 'fail', message, severity, evidence: [{ source: 'win11.xml:8', observed: body }] });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('fails for a pair that libvirt refuses', () => {
    const body = '<on_poweroff>restart</on_poweroff><on_reboot>destroy</on_reboot>';
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('judges what happens after a crash only where libvirt sees one, and with a GPU', () => {
    const body = '<on_crash>restart</on_crash>';
    expect(judgeOneDomain(rule, { body, devices: PANIC })).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body, devices: PANIC, gpu: false })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: '<on_crash>preserve</on_crash>', devices: PANIC })).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { body: '<on_crash>coredump-destroy</on_crash>', devices: PANIC })).toMatchObject({ status: 'pass' });
  });

  it('says nothing of a guest that is not x86', () => {
    expect(judgeOneDomain(rule, { attributes: "type='lxc'" })).toMatchObject({ status: 'not-applicable' });
  });
});
