import { describe, expect, it } from 'vitest';

import { enlightenmentsOf, missingRequirements } from '../../../src/domain/enlightenments.ts';
import { aDocument, type DomainParts, fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './recommended-set.ts';

const ALL = ['relaxed', 'vapic', 'spinlocks', 'vpindex', 'runtime', 'synic', 'stimer', 'frequencies', 'tlbflush', 'ipi'];
const CLOCK = "<clock offset='localtime'>\n    <timer name='hypervclock' present='yes'/>\n  </clock>";
const hyperv = (names: readonly string[], attributes = ''): string =>
  `<features>\n    <acpi/>\n    <hyperv${attributes}>\n${names.map((name) => `      <${name} state='on'/>\n`).join('')}    </hyperv>\n  </features>`;
const domain = (features: string, given: DomainParts = {}): DomainParts => ({ body: `${features}\n  ${CLOCK}`, ...given });
const without = (...names: string[]): string[] => ALL.filter((name) => !names.includes(name));
const PINS = "<vcpu>2</vcpu>\n  <cputune><vcpupin vcpu='0' cpuset='2'/><vcpupin vcpu='1' cpuset='3'/></cputune>\n  ";

describe(rule.id, () => {
  it('passes when all are on', () => {
    expect(judgeOneDomain(rule, domain(hyperv(ALL)))).toMatchObject({ status: 'pass' });
  });

  it('passes when the host chooses', () => {
    expect(judgeOneDomain(rule, domain(hyperv([], " mode='passthrough'")))).toMatchObject({ status: 'pass' });
  });

  it('names those that are off, at <hyperv>', () => {
    expect(judgeOneDomain(rule, domain(hyperv(without('vpindex', 'stimer'))))).toMatchObject({
      status: 'fail',
      message: '2 of 10 recommended enlightenments are off: vpindex, stimer',
      evidence: [{ source: 'win11.xml:10', observed: '<hyperv>', expected: 'on: vpindex, stimer' }],
    });
  });

  it('is minor where the timers and the interrupt controller are on', () => {
    expect(judgeOneDomain(rule, domain(hyperv(without('runtime', 'tlbflush', 'ipi'))))).toMatchObject({
      status: 'fail',
      severity: 'minor',
    });
  });

  it('wants spinlocks only where others may run on the CPUs of the vCPUs', () => {
    const features = hyperv(without('spinlocks'));
    expect(judgeOneDomain(rule, domain(features))).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judgeOneDomain(rule, { body: `${PINS}${features}` })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['of Linux', domain('<features/>', { os: null, name: 'ubuntu' })],
    ['that nobody names', domain('<features/>', { os: null, body: '' })],
    ['of Windows XP', domain('<features/>', { os: 'win/xp' })],
    ['without KVM', domain('<features/>', { attributes: "type='qemu'" })],
    ['whose CPU hides that it is virtual', domain("<cpu><feature policy='disable' name='hypervisor'/></cpu>")],
    [
      'whose CPU is given to QEMU directly',
      domain("<qemu:commandline><qemu:arg value='-cpu'/><qemu:arg value='host'/></qemu:commandline>", {
        attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
      }),
    ],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});

describe(`the fix of ${rule.id}`, () => {
  it('adds what is missing behind what is there', () => {
    const text = fixed(rule, domain(hyperv(['relaxed', 'vapic', 'spinlocks', 'vendor_id'])));
    expect(text).toContain(`      <spinlocks state='on'/>
      <vpindex state='on'/>
      <runtime state='on'/>
      <synic state='on'/>
      <stimer state='on'>
        <direct state='on'/>
      </stimer>
      <frequencies state='on'/>
      <tlbflush state='on'/>
      <ipi state='on'/>
      <vendor_id state='on'/>
    </hyperv>`);
  });

  it.each([
    ['no <features>', { body: '<vcpu>4</vcpu>' }],
    ['no <hyperv>', domain('<features>\n    <acpi/>\n  </features>')],
    ['an empty <hyperv/>', domain('<features>\n    <hyperv/>\n  </features>')],
    ['pinned vCPUs', { body: `${PINS}<features><acpi/></features>` }],
  ])('satisfies QEMU where there is %s', (_what, parts) => {
    const { root } = aDocument(fixed(rule, parts));
    expect([...missingRequirements(enlightenmentsOf(root))]).toEqual([]);
  });

  it('leaves alone what somebody turned off', () => {
    const outcome = judgeOneDomain(rule, domain(hyperv(['relaxed']).replace('<relaxed', "<synic state='off'/><relaxed")));
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('edits');
  });
});
