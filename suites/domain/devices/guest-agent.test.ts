import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './guest-agent.ts';

const channel = (name: string): string => `<channel type='unix'><target type='virtio' name='${name}'/></channel>`;
const AGENT = channel('org.qemu.guest_agent.0');

describe(rule.id, () => {
  it('passes with the channel', () => {
    expect(judgeOneDomain(rule, { devices: AGENT + channel('com.redhat.spice.0') })).toMatchObject({ status: 'pass' });
  });

  it('fails without it', () => {
    expect(judgeOneDomain(rule, { devices: channel('com.redhat.spice.0') })).toMatchObject({
      status: 'fail',
      message: 'there is no channel for the guest agent',
      evidence: [{ source: 'win11.xml:8', observed: '<devices>' }],
    });
  });

  it('is a blocker when there are two, with which QEMU does not start', () => {
    expect(judgeOneDomain(rule, { devices: AGENT + AGENT })).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('says nothing of macOS, and where nothing says what the guest is', () => {
    expect(judgeOneDomain(rule, { os: null })).toMatchObject({ status: 'not-applicable' });
    const guest = { os: 'macos', version: null, because: 'a test' } as const;
    expect(judgeOneDomain(rule, aDocument(aDefinition(), { guest }))).toMatchObject({ status: 'not-applicable' });
  });

  it('names the agent of the guest', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ remedy: { summary: expect.stringContaining('virtio-win') } });
    expect(judgeOneDomain(rule, { os: null, name: 'ubuntu' })).toMatchObject({
      remedy: { summary: expect.not.stringContaining('virtio-win') },
    });
  });
});
