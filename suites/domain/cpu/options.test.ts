import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './options.ts';

describe(rule.id, () => {
  it.each([
    "<cpu mode='host-passthrough' check='none' migratable='off'><cache mode='passthrough'/><feature policy='require' name='topoext'/></cpu>",
    "<cpu mode='maximum' migratable='on'/>",
    "<cpu mode='host-model'><feature policy='disable' name='svm'/></cpu>",
    "<cpu mode='custom' match='exact'><model>EPYC</model><vendor>AMD</vendor><cache level='3' mode='emulate'/><feature name='ibpb'/></cpu>",
    "<cpu><topology sockets='1' cores='2' threads='1'/></cpu>",
  ])('passes with %s', (body) => expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' }));

  // Each of them was given to libvirt 9.0, which refused it.
  it.each([
    ["<cpu mode='hostpassthrough'/>", 'there is no CPU mode "hostpassthrough"'],
    ["<cpu mode='host-model' migratable='off'/>", 'migratable is no option of the mode host-model'],
    ["<cpu migratable='off'><topology sockets='1' cores='1' threads='1'/></cpu>", 'migratable is no option of the mode custom'],
    ["<cpu mode='host-passthrough' migratable='yes'/>", 'there is no migratable "yes" of a CPU'],
    ["<cpu mode='host-passthrough' check='foo'/>", 'there is no check "foo" of a CPU'],
    ["<cpu match='foo'><model>qemu64</model></cpu>", 'there is no match "foo" of a CPU'],
    ["<cpu mode='host-passthrough'><vendor>AMD</vendor></cpu>", 'a vendor is named, but no model'],
    ["<cpu mode='host-passthrough'><cache/></cpu>", 'the cache has no mode that libvirt knows'],
    ["<cpu mode='host-passthrough'><cache mode='emulate'/></cpu>", 'only the cache of level 3 can be emulated'],
    ["<cpu mode='host-passthrough'><cache mode='passthrough' level='3'/></cpu>", 'the mode passthrough has no level'],
    ["<cpu mode='host-passthrough'><cache mode='disable'/><cache mode='disable'/></cpu>", 'there is a second <cache>'],
    ["<cpu mode='host-passthrough'><feature policy='require' name=''/></cpu>", 'a feature has no name'],
    ["<cpu mode='host-passthrough'><feature policy='required' name='svm'/></cpu>", 'there is no policy "required" for a feature'],
    ["<cpu><feature policy='require' name='svm'/></cpu>", 'features are named, but no model that they belong to'],
  ])('fails on %s', (body, message) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail', message, evidence: [{ source: 'win11.xml:8' }] });
  });

  it('fails on the caches of the host with a CPU of a model', () => {
    const body = "<cpu mode='custom'><model>EPYC</model><cache mode='passthrough'/></cpu>";
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail', evidence: [{ observed: "<cache mode='passthrough'/>" }] });
  });

  it('removes migratable where it cannot be', () => {
    expect(fixed(rule, { body: "<cpu mode='host-model' migratable='off' check='none'/>" })).toContain(
      "<cpu mode='host-model' check='none'/>",
    );
  });

  it('says nothing of a definition without <cpu>', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
