import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import rule from './vendor-id.ts';

const parts = (inner: string) => ({ body: `<features><hyperv>${inner}</hyperv></features>` });
const HIDDEN = parts("<vendor_id state='on' value='1234567890ab'/>");
const withGpu = (given: Parameters<typeof aPciDevice>[0]) => ({ pciDevices: { ok: true, value: [aPciDevice(given)] } }) as const;
const NO_HOST = { pciDevices: NO_HOST_FACT };

describe(rule.id, () => {
  it('says that it may go, and when it is still needed', () => {
    expect(judgeOneDomain(rule, HIDDEN, NO_HOST)).toMatchObject({
      status: 'fail',
      message: "vendor_id '1234567890ab' hides Hyper-V from drivers that no longer mind it",
      remedy: { summary: expect.stringMatching(/you may remove.*older than 465/) },
    });
  });

  it('says so with a GeForce', () => {
    expect(judgeOneDomain(rule, HIDDEN, withGpu({ vendor: '10de' }))).toMatchObject({ status: 'fail' });
  });

  it('leaves it alone with a Radeon, and only with one that the guest is given', () => {
    expect(judgeOneDomain(rule, HIDDEN, withGpu({ vendor: '1002' }))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, HIDDEN, withGpu({ vendor: '1002', address: '0000:09:00.0' }))).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, HIDDEN, withGpu({ vendor: '1002', classCode: '040300' }))).toMatchObject({ status: 'fail' });
  });

  it.each([
    ['without it', parts("<relaxed state='on'/>")],
    ['where it is off', parts("<vendor_id state='off' value='x'/>")],
    ['of Linux', { ...HIDDEN, os: null, name: 'ubuntu' }],
  ])('says nothing of a guest %s', (_what, given) => {
    expect(judgeOneDomain(rule, given, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
