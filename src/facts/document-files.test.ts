import { describe, expect, it } from 'vitest';

import { aDocument } from '../../test/domain-rule.ts';
import { collect } from '../../test/judge.ts';
import { documentFiles, startFiles } from './document-files.ts';

const DOMAIN = `<domain><name>win11</name><os><loader>/fw/CODE.fd</loader><nvram template='VARS.fd'>/nvram/win11.fd</nvram></os>
  <devices><emulator>/usr/bin/qemu</emulator><tpm><backend type='passthrough'/></tpm></devices></domain>`;

describe('documentFiles', () => {
  it('looks at what the domains of libvirt are started from, so that a snapshot holds it', async () => {
    const host = {
      files: { '/etc/libvirt/qemu/win11.xml': DOMAIN, '/fw/CODE.real.fd': 'code', '/usr/bin/qemu': '' },
      links: { '/fw/CODE.fd': 'CODE.real.fd' },
      unreadable: { '/nvram/win11.fd': 'denied' },
    } as const;
    const found = await collect(documentFiles, host);
    const files = found.ok ? found.value : new Map<string, never>();
    expect(files.get('/fw/CODE.fd')).toMatchObject({ stat: { value: { size: 4 } }, real: { value: '/fw/CODE.real.fd' } });
    expect(files.get('/nvram/win11.fd')).toMatchObject({ stat: { state: 'unreadable' } });
    expect(files.get('/dev/tpm0')).toMatchObject({ stat: { state: 'absent' } });
    expect(files.has('VARS.fd')).toBe(false);
  });
});

describe('startFiles', () => {
  it('are absolute paths alone', () => {
    expect(startFiles(aDocument(`<domain><name>a</name><os><loader>/${'a'.repeat(9000)}</loader></os></domain>`))).toEqual([
      `/${'a'.repeat(4095)}`,
    ]);
    expect(startFiles(aDocument('<domain><name>a</name><os><loader>relative.fd</loader></os></domain>'))).toEqual([]);
  });
});
