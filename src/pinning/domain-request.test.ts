import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, type DomainParts } from '../../test/domain-rule.ts';
import { domainRequest } from './domain-request.ts';

const ask = (parts: DomainParts): ReturnType<typeof domainRequest> => domainRequest(aDocument(aDefinition(parts)));

describe('domainRequest', () => {
  it('is the vCPUs, I/O threads, memory and devices of the definition', () => {
    const body = "<memory unit='GiB'>8</memory>\n<memoryBacking><hugepages/></memoryBacking>\n<vcpu>8</vcpu>\n<iothreads>2</iothreads>";
    expect(ask({ body })).toEqual({
      request: { vcpus: 8, iothreads: [1, 2], memoryKiB: 8_388_608, usesHugepages: true, devices: ['0000:01:00.0'], notes: [] },
    });
  });

  it('counts the vCPUs that the guest starts with, and says so', () => {
    const asked = ask({ body: "<vcpu current='4'>12</vcpu>" });
    expect(asked).toMatchObject({ request: { vcpus: 4, notes: [expect.stringContaining('12 vCPUs, of which 4 are plugged in')] } });
  });

  it('says that arguments of QEMU override the plan', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    const body = "<vcpu>4</vcpu><qemu:commandline><qemu:arg value='-smp'/><qemu:arg value='4'/></qemu:commandline>";
    expect(ask({ attributes, body })).toMatchObject({ request: { notes: [expect.stringContaining('-smp')] } });
  });

  it.each([
    ["<os><type arch='aarch64'>hvm</type></os>", 'aarch64, not x86'],
    ['<vcpu>many</vcpu>', 'no number'],
    ['<vcpu>0</vcpu>', 'no number'],
    ["<vcpu>4</vcpu><cpu><numa><cell cpus='0-1' memory='1'/><cell cpus='2-3' memory='1'/></numa></cpu>", '2 NUMA cells'],
  ])('refuses %s', (body, reason) => {
    expect(ask({ body })).toMatchObject({ refusal: { reason: expect.stringContaining(reason) } });
  });
});
