import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './model.ts';

const card = (model: string | null, type = 'network'): string =>
  `<interface type='${type}'><mac address='52:54:00:00:00:01'/>${model === null ? '' : `<model type='${model}'/>`}</interface>`;

describe(rule.id, () => {
  it.each(['virtio', 'virtio-transitional', 'virtio-non-transitional'])('passes %s', (model) => {
    expect(judgeOneDomain(rule, { devices: card(model) })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['e1000e', 'minor', 'network card 52:54:00:00:00:01 is an emulated e1000e'],
    ['rtl8139', 'major', 'network card 52:54:00:00:00:01 is an emulated rtl8139'],
    [null, 'major', 'network card 52:54:00:00:00:01 has no model, so libvirt emulates an rtl8139'],
  ])('fails on %s', (model, severity, message) => {
    expect({ severity: 'minor', ...judgeOneDomain(rule, { devices: card(model) }) }).toMatchObject({
      status: 'fail',
      severity,
      message,
      remedy: {
        summary: expect.stringMatching(
          /^Install the virtio-win drivers in the guest, then write the model virtio, unless the network hands out/,
        ),
      },
    });
  });

  it('judges each card', () => {
    expect(judgeDomain(rule, { devices: card('virtio') + card('e1000', 'user') })).toMatchObject([{ status: 'pass' }, { status: 'fail' }]);
  });

  it('speaks of networks that hand out devices only where a network is named', () => {
    expect(judgeOneDomain(rule, { devices: card('e1000e', 'bridge') })).toMatchObject({
      remedy: { summary: 'Install the virtio-win drivers in the guest, then write the model virtio' },
    });
  });

  it('is minor when nothing says what the guest is', () => {
    expect(judgeOneDomain(rule, { os: null, devices: card('rtl8139') })).not.toHaveProperty('severity');
  });

  it('says nothing of cards that are not emulated, of macOS, and without a card', () => {
    expect(judgeOneDomain(rule, { devices: card(null, 'hostdev') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
    const guest = { os: 'macos', version: null, because: 'a test' } as const;
    expect(judgeOneDomain(rule, aDocument(aDefinition({ devices: card('vmxnet3') }), { guest }))).toMatchObject({
      status: 'not-applicable',
    });
  });
});
