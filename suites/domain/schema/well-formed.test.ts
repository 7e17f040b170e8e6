import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/defaults.ts';
import { runChecks } from '../../../src/engine/run.ts';
import { noHost } from '../../../src/host/none.ts';
import type { Result } from '../../../src/report/model.ts';
import { aDefinition } from '../../../test/domain-rule.ts';
import check from './well-formed.ts';

async function judge(text: string): Promise<Result | undefined> {
  const context = { config: DEFAULT_CONFIG, definitions: [{ label: 'win11.xml', text }] };
  const clock = { wall: () => 0, monotonic: () => 0 };
  const { results } = await runChecks({ suite: 'domain', checks: [check], host: noHost(), context, version: '0.0.0', clock });
  return results[0];
}

describe(check.id, () => {
  it('passes for a domain', async () => {
    expect(await judge(aDefinition())).toMatchObject({ status: 'pass', subject: 'win11.xml' });
  });

  it.each([
    ['an empty file', '', 'the file is empty'],
    ['a blank file', ' \n\n', 'the file is empty'],
    ['a name with a slash', '<domain><name>a/b</name></domain>', 'libvirt takes no / in the name'],
    ['no XML', 'hello', 'text data outside of root node'],
    ['truncated XML', "<domain type='kvm'><name>a</name>", 'the file ends inside <domain>'],
    ['a file cut off in a tag', "<domain type='kvm'><name>a</name><devices", 'the file ends inside <'],
    ['an HTML page', '<html><body/></html>', 'the element is <html>, not <domain>'],
    ['a document type', '<!DOCTYPE d [<!ENTITY a "b">]><domain/>', 'a document type declaration is not allowed'],
    ['an external entity', '<!DOCTYPE d SYSTEM "file:///etc/passwd"><domain/>', 'a document type declaration is not allowed'],
    ['an undeclared entity', '<domain><name>&a;</name></domain>', 'undefined entity'],
    ['a NUL byte', '<domain><name>a\u0000</name></domain>', 'disallowed character'],
    ['a domain without a name', "<domain type='kvm'/>", 'the domain has no <name>'],
    ['an undeclared prefix', '<domain><name>a</name><qemu:commandline/></domain>', 'unbound namespace prefix'],
  ])('fails for %s, and says where', async (_name, text, message) => {
    const result = await judge(text);
    expect(result).toMatchObject({ status: 'fail', location: { file: 'win11.xml' } });
    expect(result?.message).toContain(message);
  });

  it('says how a prefix is declared that libvirt would drop', async () => {
    const result = await judge('<domain><name>a</name><qemu:commandline/></domain>');
    expect(result?.remedy?.summary).toContain("xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'");
  });

  it.each([
    ['10,000 nested elements', '<a>'.repeat(10_000), 'nested deeper than 64'],
    ['too many elements', `<domain>${'<a/>'.repeat(100_001)}</domain>`, 'more than 100000 elements'],
    ['17 MB', `<domain>${' '.repeat(17_000_000)}</domain>`, 'larger than'],
  ])('could not look at %s, and says the limit', async (_name, text, message) => {
    const result = await judge(text);
    expect(result).toMatchObject({ status: 'error' });
    expect(result?.message).toContain(message);
  });
});
