import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { desired, domain, oneOfEach, request } from '../../test/plan-world.ts';
import { planApply } from '../provision/plan/plan-apply.ts';
import { readPlan } from '../provision/plan/stored-plan.ts';
import { planJson } from './plan-output.ts';

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
  mkdirSync(join(cli.folder, 'empty'));
  writeFileSync(join(cli.folder, 'lab.yaml'), 'name: lab\nvms:\n  a: { memory: 1 GiB, vcpus: 1 }\n');
  writeFileSync(join(cli.folder, 'wrong.yaml'), 'name: lab\nvms:\n  a: { memory: -5 GiB, vcpus: 1 }\n');
});

afterAll(() => cli.remove());

describe('passcheck plan', () => {
  it('of a libvirt that does not answer could not look: exit 3, with what to do, and no plan', () => {
    const folder = join(cli.folder, 'broken');
    mkdirSync(folder);
    const lines = [
      '#!/bin/sh',
      'echo "error: failed to connect to the hypervisor" >&2',
      `echo "error: Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory" >&2`,
      'exit 1',
    ];
    writeFileSync(join(folder, 'virsh'), `${lines.join('\n')}\n`, { mode: 0o755 });
    const { status, stdout, stderr } = cli.run(['plan', 'lab.yaml'], { env: { PATH: folder } });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('could not look: qemu:///system does not answer: Failed to connect socket');
  });

  it.each([
    [['plan', 'wrong.yaml'], /^passcheck: wrong\.yaml:3:16: /],
    [['plan', 'nowhere.yaml'], /^passcheck: could not read nowhere\.yaml: there is no such file/],
    [['plan'], /^passcheck: missing required argument 'spec'/],
    [['plan', 'lab.yaml', '--out', 'lab.pdf'], /no format ends in \.pdf/],
    [['plan', 'lab.yaml', '--format', 'xml'], /Allowed choices are terminal, json/],
  ])('%j is wrong usage, and libvirt is not asked', (argv, message) => {
    const { status, stdout, stderr } = cli.run(argv, { env: { PATH: join(cli.folder, 'empty') } });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('reads a spec from standard input', () => {
    const { status, stderr } = cli.run(['plan', '-'], { input: 'vms: 5\n', env: { PATH: join(cli.folder, 'empty') } });
    expect(status).toBe(2);
    expect(stderr).toContain('<stdin>:1:');
  });
});

describe('a plan as JSON', () => {
  it('is read again as the same plan, and has the same bytes each time', () => {
    const plan = planApply(request({ desired: oneOfEach() }));
    expect(readPlan('p', planJson(plan))).toEqual(plan);
    const shuffled = Object.fromEntries(Object.entries(plan).toReversed());
    expect(planJson(readPlan('p', JSON.stringify(shuffled)))).toBe(planJson(plan));
  });

  it('has no control character of a spec', () => {
    const title = domain({ spec: { title: 'a\u202eb' } });
    expect(planJson(planApply(request({ desired: desired({ domains: [title] }), source: 'title: \u202e' })))).not.toContain('\u202e');
  });
});
