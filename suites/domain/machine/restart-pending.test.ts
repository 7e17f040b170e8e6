import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { type DomainDocument, readDocuments } from '../../../src/domain/document.ts';
import rule from './restart-pending.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../../fixtures/domains/${name}.xml`, import.meta.url), 'utf8');
const DEFINED = fixture('tiny-defined');
const UUID = '11111111-2222-4333-8444-555555555555';

function read(text: string, isDefined = true): DomainDocument {
  const [document] = readDocuments({ label: isDefined ? 'tiny' : 'tiny.xml', text, isDefined });
  if (document === undefined) throw new Error('no domain');
  return document;
}

const live = read(fixture('tiny-running'));
const host = (state = 'running', liveDomains = new Map([[UUID, live]])) => ({
  definedDocuments: { ok: true as const, value: [{ document: read(DEFINED), state }] },
  liveDomains: { ok: true as const, value: liveDomains },
});
const judge = (text: string, facts: Parameters<typeof rule.judge>[1] = host()) => judgeOneDomain(rule, read(text), facts);

describe(rule.id, () => {
  it('passes when the VM runs as defined, though libvirt shows it with aliases, labels and chosen ports', () => {
    expect(judge(DEFINED)).toMatchObject({ status: 'pass', message: 'it is running, as defined' });
  });

  it('lists what the running VM still has, and what it lacks', () => {
    const gpu = "<hostdev type='pci'><source><address bus='1' slot='0' function='0'/></source></hostdev></devices>";
    const edited = DEFINED.replace('131072</memory>', '262144</memory>')
      .replace('</devices>', gpu)
      .replace("model='none'", "model='virtio'");
    expect(judge(edited)).toMatchObject({
      status: 'fail',
      message:
        'restart pending: the running VM still has memory 128 MiB, memballoon none, no PCI device 0000:01:00.0, no memballoon virtio',
      evidence: [
        { source: 'tiny:1' },
        { source: 'virsh dumpxml tiny', observed: 'memory: 128 MiB', expected: 'memory: 256 MiB' },
        { observed: 'memballoon none', expected: 'no memballoon none' },
        { observed: 'no PCI device 0000:01:00.0', expected: 'PCI device 0000:01:00.0: passed through' },
        { observed: 'no memballoon virtio', expected: 'memballoon virtio' },
      ],
      remedy: { steps: [{ run: 'virsh shutdown tiny' }, { run: 'virsh start tiny' }] },
    });
  });

  it('counts what is too much to list, and hides arguments', () => {
    const pins = Array.from({ length: 9 }, (_, cpu) => `<vcpupin vcpu='${cpu}' cpuset='${cpu}'/>`).join('');
    const message = judge(DEFINED.replace('<os ', `<cputune>${pins}</cputune><os `)) as { message?: string };
    expect(message.message).toContain('and 3 more differences');
    const secret =
      "<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg value='-vnc password=x'/></q:commandline></domain>";
    expect(JSON.stringify(judge(DEFINED.replace('</domain>', secret)))).not.toContain('password');
  });

  it('says nothing of a VM that is off, of a file, and of a domain that libvirt does not have', () => {
    expect(judge(DEFINED, host('shut off'))).toMatchObject({ status: 'not-applicable', message: 'the VM is not running' });
    expect(judgeOneDomain(rule, read(DEFINED, false), host())).toMatchObject({ status: 'not-applicable' });
    expect(judge(DEFINED.replaceAll('5555', '6666'))).toMatchObject({ status: 'not-applicable' });
  });

  it('does not pass what libvirt did not show', () => {
    expect(judge(DEFINED, host('running', new Map()))).toMatchObject({ status: 'unknown' });
    expect(judge(DEFINED, { ...host(), liveDomains: NO_HOST_FACT })).toMatchObject({ status: 'unknown' });
    expect(judge(DEFINED, { definedDocuments: NO_HOST_FACT, liveDomains: NO_HOST_FACT })).toMatchObject({ status: 'unknown' });
  });
});
