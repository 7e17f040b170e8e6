import { describe, expect, it } from 'vitest';

import type { Outcome } from '../../../src/engine/outcome.ts';
import type { EvdevNode } from '../../../src/facts/evdev-nodes.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { Reach } from '../../../src/facts/file-access.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import { parseLibvirtConf } from '../../../src/libvirt/conf.ts';
import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aConfig } from '../../../test/facts.ts';
import { aStat, PLATFORM } from '../../../test/looking-glass.ts';
import rule from './evdev-allowed.ts';

const KEYBOARD = '/dev/input/by-id/usb-Board-event-kbd';
const ALLOWED = `cgroup_device_acl = [ "/dev/null", "${KEYBOARD}" ]`;
const STAT = { kind: 'character-device', uid: 0, gid: 105, mode: 0o660 } as const;
const NODE: EvdevNode = { stat: aStat(STAT), real: ok('/dev/input/event4'), qemu: byReach({ state: 'reachable' }) };

function byReach(reach: Reach): EvdevNode['qemu'] {
  return { ok: true, value: { name: 'libvirt-qemu', reach } };
}

interface Given {
  readonly conf?: string;
  readonly node?: Partial<EvdevNode>;
  readonly session?: boolean;
}

function facts({ conf = ALLOWED, node = {}, session = false }: Given = {}) {
  return {
    evdevNodes: new Map([[KEYBOARD, { ...NODE, ...node }]]),
    config: aConfig(session ? { connection: 'qemu:///session' } : {}),
    qemuConf: { path: '/etc/libvirt/qemu.conf', exists: true, ...parseLibvirtConf(conf) },
    libvirt: NO_HOST_FACT,
    securityModules: { ok: true, value: { appArmor: ABSENT, seLinux: ABSENT } },
    platform: PLATFORM,
  } as const;
}

const ARGUMENT = {
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline>
    <qemu:arg value='-object'/>
    <qemu:arg value='input-linux,id=k,evdev=${KEYBOARD},grab_all=on'/>
  </qemu:commandline>`,
};

const steps = (outcomes: readonly Outcome[]) =>
  outcomes
    .flatMap((outcome) => (outcome.status === 'fail' ? (outcome.remedy.steps ?? []) : []))
    .map((step) => ('line' in step ? step.line : null));
const judge = (given: Given = {}) => judgeOneDomain(rule, ARGUMENT, facts(given));

describe(rule.id, () => {
  it('passes a device that libvirt and its mode let QEMU open', () => expect(judge()).toMatchObject({ status: 'pass' }));

  it('fails on one that libvirt hides, and names both sides', () => {
    expect(judge({ conf: 'cgroup_device_acl = [ "/dev/null" ]' })).toMatchObject({
      status: 'fail',
      message: `the VM’s cgroup does not let QEMU open ${KEYBOARD}`,
      evidence: [{ source: 'win11.xml:10' }, { source: '/etc/libvirt/qemu.conf' }],
      location: { line: 10 },
    });
  });

  it('says once which devices the list lacks, and gives one list', () => {
    const mouse = KEYBOARD.replace('kbd', 'mouse');
    const body = `${ARGUMENT.body.replace('</qemu:commandline>', '')}<qemu:arg value='-object'/>\n<qemu:arg value='input-linux,id=m,evdev=${mouse}'/></qemu:commandline>`;
    const outcomes = judgeDomain(rule, { ...ARGUMENT, body }, facts({ conf: 'cgroup_device_acl = [ "/dev/null" ]' }));
    expect(outcomes).toMatchObject([
      {
        message: `the VM’s cgroup does not let QEMU open ${KEYBOARD}, ${mouse}`,
        evidence: [{ source: 'win11.xml:10' }, { source: 'win11.xml:12' }, { source: '/etc/libvirt/qemu.conf' }],
      },
    ]);
    expect(steps(outcomes)).toContain(`cgroup_device_acl = [ "/dev/null", "${KEYBOARD}", "${mouse}" ]`);
  });

  it('takes the node instead of its name where QEMU sees the whole /dev', () => {
    const byNode = 'cgroup_device_acl = [ "/dev/input/event4" ]';
    expect(judge({ conf: byNode })).toMatchObject({ status: 'fail' });
    expect(judge({ conf: `${byNode}\nnamespaces = []` })).toMatchObject({ status: 'pass' });
  });

  it('fails where the user of QEMU is not in the group of the device', () => {
    const qemu = byReach({ state: 'blocked', at: KEYBOARD, stat: { ...STAT, size: 0, mtimeMs: 0 } });
    expect(judge({ node: { qemu } })).toMatchObject({
      status: 'fail',
      message: `libvirt-qemu, whom QEMU runs as, may not open ${KEYBOARD}`,
      evidence: [{ source: 'win11.xml:10' }, { observed: 'owner 0:105, mode 660' }],
      remedy: { steps: [{ run: 'usermod --append --groups input libvirt-qemu' }] },
    });
  });

  it('says when it could not look', () => {
    const error = new FactError({ source: '/etc/passwd', reason: 'permission denied' });
    expect(judge({ node: { qemu: { ok: false, error } } })).toMatchObject({ status: 'unknown' });
    expect(judge({ node: { qemu: byReach({ state: 'unknown', at: KEYBOARD, reason: 'getfacl is not installed' }) } })).toMatchObject({
      status: 'unknown',
    });
    expect(judgeOneDomain(rule, ARGUMENT, { ...facts(), securityModules: { ok: false, error } })).toMatchObject({ status: 'unknown' });
  });

  it('leaves a device that is not there to another rule', () => {
    expect(judge({ node: { stat: ABSENT, real: ABSENT, qemu: { ok: true, value: null } } })).toMatchObject({ status: 'pass' });
  });

  it('says nothing of libvirt’s own element, nor of a session', () => {
    const devices = `<input type='evdev'><source dev='${KEYBOARD}'/></input>`;
    expect(judgeOneDomain(rule, { devices }, facts())).toMatchObject({ status: 'not-applicable' });
    expect(judge({ session: true })).toMatchObject({ status: 'not-applicable' });
  });
});
