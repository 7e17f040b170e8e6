import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { kernelLog, parseKernelLog } from './kernel-log.ts';

const JOURNAL = 'journalctl -k -b -o cat --no-pager';
const BOOT = `[    0.000000] Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)
[    0.169844] DMAR: IOMMU disabled
[    2.012095] Unstable clock detected, switching default tracing clock to "global"
               If you want to keep using the local clock, then add:
`;
const DENIED = { exitCode: 1, stdout: '', stderr: 'dmesg: read kernel buffer failed: Operation not permitted\n' };

describe('kernelLog', () => {
  it('strips time stamps and keeps continued lines', async () => {
    expect(await valueOf(kernelLog, { commands: { dmesg: BOOT } })).toEqual({
      source: 'dmesg',
      hasBeginning: true,
      lines: [
        'Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)',
        'DMAR: IOMMU disabled',
        'Unstable clock detected, switching default tracing clock to "global"',
        '               If you want to keep using the local clock, then add:',
      ],
    });
  });

  it('asks the journal when dmesg is restricted', async () => {
    const commands = { dmesg: DENIED, [JOURNAL]: 'Linux version 6.1\nDMAR: IOMMU disabled\n' };
    expect(await valueOf(kernelLog, { commands })).toMatchObject({ source: JOURNAL, hasBeginning: true });
  });

  it('asks the journal when the ring buffer has lost the beginning', async () => {
    const dmesg = '[90000.1] usb 1-1: reset\n';
    expect(await valueOf(kernelLog, { commands: { dmesg, [JOURNAL]: 'Linux version 6.1\n' } })).toMatchObject({ source: JOURNAL });
    expect(await valueOf(kernelLog, { commands: { dmesg } })).toEqual({ source: 'dmesg', hasBeginning: false, lines: ['usb 1-1: reset'] });
  });

  it('fails with the words of dmesg when both are restricted: the journal then succeeds with nothing', async () => {
    const journal = { exitCode: 0, stdout: '-- No entries --\n', stderr: 'Hint: You are currently not seeing messages from other users\n' };
    expect(await collect(kernelLog, { commands: { dmesg: DENIED, [JOURNAL]: journal } })).toMatchObject({
      ok: false,
      error: { source: 'dmesg', reason: DENIED.stderr.trim(), hint: expect.stringContaining('root') },
    });
  });

  it('fails when there is no such command and when it hangs', async () => {
    expect(await collect(kernelLog, {})).toMatchObject({ ok: false, error: { source: 'dmesg', reason: 'not there' } });
    expect(await collect(kernelLog, { unreadable: { dmesg: 'timed-out', [JOURNAL]: 'timed-out' } })).toMatchObject({
      ok: false,
      error: { reason: 'timed-out' },
    });
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseKernelLog(text)).not.toContain('');
      }),
    );
  });
});
