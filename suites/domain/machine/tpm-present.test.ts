import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import type { Swtpm } from '../../../src/facts/swtpm.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import rule from './tpm-present.ts';

const NO_HOST = { swtpm: NO_HOST_FACT };
const tool = (isThere: boolean) => (isThere ? ok('/usr/bin/swtpm') : ABSENT);
const host = (isThere: boolean): { swtpm: { ok: true; value: Swtpm } } => ({
  swtpm: {
    ok: true,
    value: {
      tools: { swtpm: tool(isThere), swtpm_setup: tool(isThere), swtpm_ioctl: tool(isThere) },
      searched: [],
      certificateTool: null,
      stateFolder: null,
      user: null,
    },
  },
});

describe(rule.id, () => {
  it('passes with a TPM of any kind', () => {
    expect(judgeOneDomain(rule, { devices: "<tpm model='tpm-tis'><backend type='passthrough'/></tpm>" }, NO_HOST)).toMatchObject({
      status: 'pass',
    });
  });

  it('fails without one', () => {
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'there is no <tpm>',
      evidence: [{ source: 'win11.xml:8', observed: '<devices>' }],
    });
  });

  it('adds one, unless the host has no swtpm to emulate it with', () => {
    expect(fixed(rule, {}, NO_HOST)).toContain("    <tpm model='tpm-crb'>\n      <backend type='emulator' version='2.0'/>\n    </tpm>\n");
    expect(judgeOneDomain(rule, {}, host(true))).toHaveProperty('edits');
    expect(judgeOneDomain(rule, {}, host(false))).not.toHaveProperty('edits');
    expect(judgeOneDomain(rule, {}, host(false))).toMatchObject({ remedy: { summary: expect.stringContaining('Install swtpm') } });
  });

  it('says nothing of Windows 10 and of other guests', () => {
    expect(judgeOneDomain(rule, { os: 'win/10' }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: null }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
