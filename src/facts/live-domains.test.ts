import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { domainsArgv, listArgv, liveArgv } from '../libvirt/virsh.ts';
import { liveDomains } from './live-domains.ts';

const A = 'ec576e85-fa76-44b3-9f37-8def2a6f9c95';
const B = '668bc66a-4cf7-4dac-bc6b-6efefd09e84f';
const LIST = listArgv('qemu:///system', false).join(' ');
const DUMP = (domainsArgv('qemu:///system', false, [A, B])[0] ?? []).join(' ');
const live = (...uuids: string[]): string => (liveArgv('qemu:///system', false, uuids)[0] ?? []).join(' ');
const xml = (name: string): string => `<domain type='kvm' id='3'>\n  <name>${name}</name>\n</domain>\n`;
const listed = (state: string) => ({
  [LIST]: `==${A}\n${B}\n`,
  [DUMP]: `=${A}=${state}\n${xml('a')}\n=${B}=shut off\n${xml('b')}`,
});

describe('liveDomains', () => {
  it('are those that run, as they run, by UUID', async () => {
    const found = await valueOf(liveDomains, { commands: { ...listed('paused'), [live(A)]: `=${A}=\n${xml('a')}` } });
    expect([...found].map(([uuid, { domain, label }]) => [uuid, domain.name, label])).toEqual([[A, 'a', `virsh dumpxml ${A}`]]);
  });

  it('are none where none runs: libvirt is not asked', async () => {
    expect((await valueOf(liveDomains, { commands: listed('shut off') })).size).toBe(0);
  });

  it('leave out one that stopped in between', async () => {
    const stopped = { exitCode: 1, stdout: `=${A}=\n`, stderr: 'error: Domain not found\n' };
    expect((await valueOf(liveDomains, { commands: { ...listed('running'), [live(A)]: stopped } })).size).toBe(0);
  });

  it('are an error where libvirt does not answer, now or at first', async () => {
    expect(await collect(liveDomains, {})).toMatchObject({ ok: false });
    expect(await collect(liveDomains, { commands: listed('running'), unreadable: { [live(A)]: 'timed-out' } })).toMatchObject({
      ok: false,
      error: { source: 'virsh -r -c qemu:///system dumpxml …' },
    });
    expect(await collect(liveDomains, { commands: { ...listed('running'), [live(A)]: 'nothing' } })).toMatchObject({ ok: false });
    expect(await collect(liveDomains, { commands: { ...listed('running'), [live(A)]: `=${A}=<domain` } })).toMatchObject({ ok: false });
  });
});
