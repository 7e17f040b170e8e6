import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './queues.ts';

const card = (queues: string, type = 'network', model = 'virtio'): string =>
  `<interface type='${type}'><mac address='52:54:00:00:00:01'/><model type='${model}'/><driver name='vhost' queues='${queues}'/></interface>`;
const body = '<vcpu>4</vcpu>';

describe(rule.id, () => {
  it.each([card('4'), card('1'), card('0'), card('1', 'user'), card('2', 'bridge'), card('4', 'direct')])('passes %s', (devices) => {
    expect(judgeOneDomain(rule, { body, devices })).toMatchObject({ status: 'pass' });
  });

  it('is a blocker at a card of the type user, which does not start', () => {
    expect(judgeOneDomain(rule, { body, devices: card('4', 'user') })).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      message: 'network card 52:54:00:00:00:01 has 4 queues, and is of the type user, which has one',
      evidence: [{ source: 'win11.xml:10', observed: "queues='4'" }],
    });
  });

  it.each(['-1', 'x', '99999999999'])('is a blocker with %s queues, which libvirt refuses', (queues) => {
    expect(judgeOneDomain(rule, { body, devices: card(queues) })).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('is minor with more queues than vCPUs, and at a card without queues', () => {
    expect(judgeOneDomain(rule, { body, devices: card('5') })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('more than the 4 vCPUs'),
    });
    expect(judgeOneDomain(rule, { body, devices: card('4', 'bridge', 'e1000e') })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('only virtio'),
    });
  });

  it('says nothing where no queues are written', () => {
    expect(judgeOneDomain(rule, { body, devices: "<interface type='user'><driver name='vhost'/></interface>" })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
