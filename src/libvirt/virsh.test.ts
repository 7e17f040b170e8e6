import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { domainsArgv, listArgv, networksArgv, parseDomains, parseListing, parseNetworks, virshComplaint, parseBlockInfo } from './virsh.ts';

const A = 'ec576e85-fa76-44b3-9f37-8def2a6f9c95';
const B = '668bc66a-4cf7-4dac-bc6b-6efefd09e84f';

describe('the command lines', () => {
  it('read everything in one process, read-only for an ordinary user', () => {
    expect(listArgv('qemu:///system', false)).toEqual([
      'virsh',
      '-q',
      '-r',
      '-c',
      'qemu:///system',
      'net-list --all --uuid; echo =; net-list --uuid; echo =; list --all --uuid',
    ]);
    expect(listArgv('qemu:///session', true)).not.toContain('-r');
  });

  it('ask for all domains in one process, by UUID', () => {
    expect(domainsArgv('qemu:///system', true, [A, B])).toEqual([
      [
        'virsh',
        '-q',
        '-c',
        'qemu:///system',
        `echo =${A}=; domstate ${A}; dumpxml --inactive ${A}; echo =${B}=; domstate ${B}; dumpxml --inactive ${B}`,
      ],
    ]);
    expect(networksArgv('qemu:///system', true, [A]).at(-1)).toBe(`echo =${A}=; net-dumpxml --inactive ${A}`);
  });

  it('stay below the size of an argument that the kernel takes', () => {
    const many = Array.from({ length: 1000 }, () => A);
    const lines = domainsArgv('qemu:///system', true, many);
    expect(lines).toHaveLength(3);
    for (const argv of lines) expect(argv.at(-1)?.length).toBeLessThan(128 * 1024);
  });
});

describe('parseListing', () => {
  it('reads networks, active networks and domains', () => {
    expect(parseListing(`${B}\n\n=${B}\n\n=${A}\n\n`, '')).toEqual({ domains: [A], networks: { all: [B], active: [B] } });
  });

  it('reads a host without any', () => {
    expect(parseListing('\n=\n=\n', '')).toEqual({ domains: [], networks: { all: [], active: [] } });
  });

  it('does not take the silence of a network driver that failed for "no network"', () => {
    const stderr =
      "error: Failed to list networks\nerror: Failed to connect socket to '/run/libvirt/virtnetworkd-sock-ro': No such file or directory\n";
    expect(parseListing(`==${A}\n`, stderr)).toEqual({ domains: [A], networks: null });
  });

  it.each(['', 'error', '==', '\n=\n=\nnot a uuid\n', `==${A}=`])('refuses %j unless it is the answer', (text) => {
    expect(parseListing(text, '') === null).toBe(text !== '==');
  });
});

describe('parseDomains', () => {
  // As virsh 9.0.0 prints it: no line end after `echo` with -q.
  const first = `=${A}=shut off\n<domain type='qemu'>\n  <name>a b;&quot;c&apos; $x</name>\n</domain>\n\n`;
  const second = `=${B}=running\n<domain type='kvm'>\n  <name>b</name>\n</domain>\n\n`;

  it('reads state and definition of each', () => {
    expect(parseDomains(first + second, [A, B])).toEqual([
      { uuid: A, state: 'shut off', xml: expect.stringMatching(/^<domain type='qemu'>[^]*<\/domain>\n\n$/) },
      { uuid: B, state: 'running', xml: expect.stringContaining('<name>b</name>') },
    ]);
  });

  it('leaves out a domain that went away', () => {
    expect(parseDomains(`=${A}=${second}`.replace(`=${A}==`, `=${A}=\n=`), [A, B])?.map(({ uuid }) => uuid)).toEqual([B]);
  });

  it('refuses an answer in which a definition pretends to be another one', () => {
    const forged = first.replace('<name>', `<description>\n=${B}=running\n</description><name>`);
    expect(parseDomains(forged + second, [A, B])).toBeNull();
  });

  it('refuses an answer to something else', () => {
    expect(parseDomains(first, [B])).toBeNull();
    expect(parseDomains('', [A])).toBeNull();
    expect(parseDomains(`hello\n${first}`, [A])).toBeNull();
  });
});

it('parseNetworks reads definitions', () => {
  expect(parseNetworks(`=${A}=<network>\n</network>\n`, [A])).toEqual([{ uuid: A, xml: '<network>\n</network>\n' }]);
});

it('virshComplaint is the cause, not the headline', () => {
  expect(
    virshComplaint(
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': No such file or directory\n",
    ),
  ).toBe("Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': No such file or directory");
  expect(virshComplaint('')).toBe('it failed without a message');
});

it('the sizes of a disk are read as virsh 9.0.0 prints them', () => {
  const stdout = 'Capacity:       68719476736\nAllocation:     200704\nPhysical:       197632\n';
  expect(parseBlockInfo(stdout)).toEqual({ capacity: 68_719_476_736, physical: 197_632 });
  expect(parseBlockInfo('Capacity:       -\n')).toBeNull();
});

it('every parser takes any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom('=', A, '\n', '<', 'running')).map((parts) => parts.join('')),
  );
  const answers = (stdout: string): boolean => {
    const domains = parseDomains(stdout, [A]);
    const sizes = parseBlockInfo(stdout);
    return (
      (domains === null || domains.length < 2) &&
      (sizes === null || sizes.capacity >= 0) &&
      parseNetworks(stdout, [A]) !== undefined &&
      virshComplaint(stdout).length <= 300
    );
  };
  expect(fc.check(fc.property(text, (stdout) => answers(stdout) && parseListing(stdout, stdout) !== undefined)).failed).toBe(false);
});
