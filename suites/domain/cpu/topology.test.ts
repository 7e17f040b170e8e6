import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './topology.ts';

const sockets = (count: number, cores: number): string =>
  `<vcpu>${count * cores}</vcpu><cpu mode='host-passthrough'><topology sockets='${count}' cores='${cores}' threads='1'/></cpu>`;

describe(rule.id, () => {
  it.each([sockets(1, 8), '<vcpu>1</vcpu>', '', "<vcpu current='1'>4</vcpu>"])('passes with "%s"', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('fails without a topology: each vCPU is a processor', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>8</vcpu>' })).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'without <topology> the guest sees 8 processors, and Windows uses two of them at most',
      evidence: [{ source: 'win11.xml:8', observed: '<vcpu>8</vcpu>' }],
      remedy: { steps: [{ line: "<topology sockets='1' dies='1' cores='8' threads='1'/>" }] },
    });
  });

  it.each([
    [2, 'minor'],
    [3, 'major'],
  ])('is as bad with %i sockets as Windows makes it', (count, severity) => {
    expect(judgeOneDomain(rule, { body: sockets(count, 4) })).toMatchObject({
      status: 'fail',
      severity,
      evidence: [{ observed: `sockets='${count}'` }],
    });
  });

  it('is not applicable to servers and other systems, and where -smp decides', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    const smp = "<vcpu>8</vcpu><qemu:commandline><qemu:arg value='-smp'/><qemu:arg value='8,sockets=1'/></qemu:commandline>";
    const outcomes = [
      judgeOneDomain(rule, { os: 'win/2k22', body: '<vcpu>8</vcpu>' }),
      judgeOneDomain(rule, { os: null, name: 'debian', body: '<vcpu>8</vcpu>' }),
      judgeOneDomain(rule, { attributes, body: smp }),
      judgeOneDomain(rule, { body: '<vcpu>x</vcpu>' }),
      judgeOneDomain(rule, { body: "<vcpu>8</vcpu><cpu><topology sockets='0' cores='8' threads='1'/></cpu>" }),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'not-applicable'));
  });
});
