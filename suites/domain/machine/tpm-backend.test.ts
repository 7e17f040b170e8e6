import { describe, expect, it } from 'vitest';

import { DEBIAN } from '../../../test/facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aFile } from '../../../test/machine-facts.ts';
import type { DocumentFiles } from '../../../src/facts/document-files.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import type { FileStat } from '../../../src/host/source.ts';
import rule from './tpm-backend.ts';

const EMULATOR = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";
const DEVICE = "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>";
const HIDDEN = unreadable('denied', 'permission denied');
const host = (tool: Reading<string>, stat: Reading<FileStat> = ABSENT) => ({
  swtpm: {
    tools: { swtpm: tool, swtpm_setup: tool, swtpm_ioctl: tool },
    searched: ['/usr/bin', '/bin'],
    certificateTool: null,
    stateFolder: null,
    user: null,
  },
  documentFiles: new Map([['/dev/tpm0', { stat, real: ABSENT }]]) satisfies DocumentFiles,
  platform: { ok: true as const, value: DEBIAN },
});

describe(rule.id, () => {
  it('passes when swtpm is there, or the device', () => {
    expect(judgeOneDomain(rule, { devices: EMULATOR }, host(ok('/usr/bin/swtpm')))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: DEVICE }, host(ABSENT, ok(aFile({ kind: 'character-device' }))))).toMatchObject({
      status: 'pass',
    });
  });

  it('fails when swtpm is missing', () => {
    expect(judgeOneDomain(rule, { devices: EMULATOR }, host(ABSENT))).toMatchObject({
      status: 'fail',
      message: 'the host has no swtpm, which emulates the TPM',
      evidence: [{ source: 'win11.xml:9' }, { source: '/usr/bin:/bin', observed: 'no swtpm' }],
      remedy: { steps: [{ run: 'apt install swtpm swtpm-tools' }] },
    });
  });

  it('fails when the host has no TPM, or a file in its place', () => {
    expect(judgeOneDomain(rule, { devices: DEVICE }, host(ABSENT))).toMatchObject({ message: 'the host has no TPM at /dev/tpm0' });
    expect(judgeOneDomain(rule, { devices: DEVICE }, host(ABSENT, ok(aFile())))).toMatchObject({ status: 'fail' });
  });

  it('passes nothing that it could not look at', () => {
    expect(judgeOneDomain(rule, { devices: EMULATOR }, host(HIDDEN))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices: DEVICE }, host(ABSENT, HIDDEN))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices: DEVICE.replace('tpm0', 'tpm1') }, host(ABSENT))).toMatchObject({ status: 'unknown' });
  });

  it('does not blame the user who recorded a host for what a recording does not hold', () => {
    const missing = unreadable('not-recorded', 'not in the recording');
    expect(judgeOneDomain(rule, { devices: EMULATOR }, host(missing))).toMatchObject({
      status: 'unknown',
      remedy: { summary: expect.stringContaining('the recording does not hold it') },
    });
  });

  it('says nothing of a TPM that somebody else makes, and without any', () => {
    expect(judgeOneDomain(rule, { devices: "<tpm><backend type='external'/></tpm>" }, host(ABSENT))).toMatchObject({
      status: 'not-applicable',
    });
    expect(judgeOneDomain(rule, {}, host(ABSENT))).toMatchObject({ status: 'not-applicable' });
  });
});
