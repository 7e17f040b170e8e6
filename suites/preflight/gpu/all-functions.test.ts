import { describe, expect, it } from 'vitest';

import { aDomain, aGpu, aKernel, anAudioFunction, aPassthrough, aPciDevice, DEBIAN } from '../../../test/facts.ts';
import type { Domain } from '../../../src/domain/model.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { EMPTY_MODPROBE_CONFIG } from '../../../src/facts/modprobe-config.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './all-functions.ts';

const audioOn = (driver: Reading<string>, given: Partial<PciDevice> = {}): PciDevice => anAudioFunction({ driver, ...given });

const hidden = { ok: false as const, error: new FactError({ source: '/proc/modules', reason: 'not recorded' }) };

function judge(functions: readonly PciDevice[], domains: readonly Domain[] = [], areSeen = true): Outcome | undefined {
  const gpu = aGpu(functions, { domains: domains.map(({ name }) => name) });
  const facts = {
    passthrough: aPassthrough([gpu]),
    pciDevices: functions,
    domains: areSeen ? { ok: true as const, value: domains.map((definition) => ({ definition, state: 'shut off' })) } : hidden,
    platform: { ok: true as const, value: DEBIAN },
    modprobeConfig: { ok: true as const, value: EMPTY_MODPROBE_CONFIG },
    kernel: { ok: true as const, value: aKernel() },
    modules: hidden,
  };
  const judged = check.evaluate(facts);
  return 'status' in judged ? judged : judged[0]?.outcome;
}

function domainWith(addresses: readonly string[], managed = true): Domain {
  return aDomain({ pciDevices: addresses.map((address) => ({ address, managed })) });
}

describe(check.id, () => {
  it('passes with every function on vfio-pci', () => {
    expect(judge([aPciDevice(), anAudioFunction()])).toMatchObject({ status: 'pass', evidence: [{ observed: 'vfio-pci' }, {}] });
  });

  it('passes a card with one function', () => {
    expect(judge([aPciDevice()])).toMatchObject({ status: 'pass' });
  });

  it('passes with a variant of vfio-pci', () => {
    expect(judge([aPciDevice({ driver: ok('nvgrace-gpu-vfio-pci') })])).toMatchObject({ status: 'pass' });
  });

  it('fails when the audio function is held by snd_hda_intel', () => {
    expect(judge([aPciDevice(), audioOn(ok('snd_hda_intel'))])).toMatchObject({
      status: 'fail',
      message: '0000:01:00.1 (audio, held by snd_hda_intel) does not go with 0000:01:00.0',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.1/driver', observed: 'snd_hda_intel', expected: 'vfio-pci' }],
      remedy: { summary: 'Bind 0000:01:00.0, 0000:01:00.1 to vfio-pci at every boot' },
      severity: 'blocker',
    });
  });

  it('is only major while the function that stays behind keeps nothing from starting', () => {
    expect(judge([aPciDevice(), audioOn(ABSENT)])).toMatchObject({ status: 'fail', severity: 'major' });
    const alone = audioOn(ok('snd_hda_intel'), { iommuGroup: ok('13') });
    expect(judge([aPciDevice(), alone])).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('fails when the audio function has no driver', () => {
    expect(judge([aPciDevice(), audioOn(ABSENT)])).toMatchObject({ status: 'fail', evidence: [{ observed: 'no driver' }] });
  });

  it('names the USB controller of the card', () => {
    const usb = aPciDevice({ address: '0000:01:00.2', classCode: '0c0330', driver: ok('xhci_hcd') });
    expect(judge([aPciDevice(), anAudioFunction(), usb])).toMatchObject({ message: expect.stringContaining('0000:01:00.2 (USB') });
  });

  it('does not judge a card of which nothing is bound or assigned', () => {
    expect(judge([aPciDevice({ driver: ok('nvidia') }), audioOn(ok('snd_hda_intel'))])).toMatchObject({ status: 'not-applicable' });
  });

  it('leaves a card whose graphics the host driver got first to driver-bound', () => {
    expect(judge([aPciDevice({ driver: ok('nvidia') }), anAudioFunction()])).toMatchObject({
      status: 'not-applicable',
      message: expect.stringContaining('preflight/vfio/driver-bound'),
    });
  });

  it('could not look when nothing is bound and the domains are hidden', () => {
    expect(judge([aPciDevice({ driver: ok('nvidia') })], [], false)).toMatchObject({ status: 'unknown' });
  });

  it('passes what is bound as a whole although the domains are hidden', () => {
    expect(judge([aPciDevice(), anAudioFunction()], [], false)).toMatchObject({ status: 'pass' });
  });

  it('could not look where a driver is hidden', () => {
    expect(judge([aPciDevice(), audioOn(unreadable('not-recorded', 'not recorded'))])).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.1/driver' }],
    });
  });

  it('passes when a domain is given every function, whatever holds them now: libvirt binds them at start', () => {
    const functions = [aPciDevice({ driver: ok('nvidia') }), audioOn(ok('snd_hda_intel'))];
    expect(judge(functions, [domainWith(['0000:01:00.0', '0000:01:00.1'])])).toMatchObject({
      status: 'pass',
      evidence: [{ source: 'virsh dumpxml win11' }],
    });
  });

  it('fails when the domain is not given the audio function that the host holds', () => {
    expect(judge([aPciDevice(), audioOn(ok('snd_hda_intel'))], [domainWith(['0000:01:00.0'])])).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      evidence: [{ source: 'virsh dumpxml win11', observed: 'not assigned: 0000:01:00.1' }, { observed: 'snd_hda_intel' }],
    });
  });

  it('is only major when nobody uses the function that the domain is not given', () => {
    for (const driver of [ABSENT, ok('vfio-pci')]) {
      expect(judge([aPciDevice(), audioOn(driver)], [domainWith(['0000:01:00.0'])])).toMatchObject({ status: 'fail', severity: 'major' });
    }
  });

  it('is only major when the function that the host holds is in a group of its own', () => {
    const audio = audioOn(ok('snd_hda_intel'), { iommuGroup: ok('13') });
    expect(judge([aPciDevice(), audio], [domainWith(['0000:01:00.0'])])).toMatchObject({ severity: 'major' });
  });

  it('fails for the one domain of two that leaves a function out', () => {
    const whole = aDomain({ ...domainWith(['0000:01:00.0', '0000:01:00.1']), name: 'linux' });
    expect(judge([aPciDevice(), anAudioFunction()], [whole, domainWith(['0000:01:00.0'])])).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('win11 is given 0000:01:00.0 without 0000:01:00.1'),
    });
  });

  it('shows the element to add', () => {
    const outcome = judge([aPciDevice(), anAudioFunction()], [domainWith(['0000:01:00.0'])]);
    expect(JSON.stringify(outcome)).toContain("<address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>");
  });
});
