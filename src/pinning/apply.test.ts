import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';

import { aDefinition, aDocument, type DomainParts } from '../../test/domain-rule.ts';
import { anyRequest, aPinRequest, aTopology, desktop, X3D } from '../../test/topologies.ts';
import { guestTopology } from '../domain/guest-topology.ts';
import { numaTuneOf } from '../domain/numatune.ts';
import { emulatorPin, vcpuPlaces } from '../domain/pinning.ts';
import { parseXml } from '../domain/xml.ts';
import { applyPlan } from './apply.ts';
import { planXml } from './fragments.ts';
import type { PinPlan, PinRequest } from './model.ts';
import { planPins } from './plan.ts';

function planFor(topology = desktop(4), given: Partial<PinRequest> = {}): PinPlan {
  const answer = planPins(aPinRequest(topology, given));
  if ('refusal' in answer) throw new Error(answer.refusal.reason);
  return answer.plan;
}

/** Applied to a definition of parts, and again: the second time changes nothing. */
function applied(parts: DomainParts, plan: PinPlan): string {
  const text = applyPlan(aDocument(aDefinition(parts)), plan);
  expect(applyPlan(aDocument(text), plan)).toBe(text);
  return text;
}

describe('planXml', () => {
  it('is what a definition needs', () => {
    expect(planXml(planFor(desktop(4), { vcpus: 4 }))).toMatchInlineSnapshot(`
      "<vcpu placement='static'>4</vcpu>
      <iothreads>1</iothreads>
      <cputune>
        <vcpupin vcpu='0' cpuset='2'/>
        <vcpupin vcpu='1' cpuset='6'/>
        <vcpupin vcpu='2' cpuset='3'/>
        <vcpupin vcpu='3' cpuset='7'/>
        <emulatorpin cpuset='0-1,4-5'/>
        <iothreadpin iothread='1' cpuset='0-1,4-5'/>
      </cputune>
      <cpu mode='host-passthrough' check='none' migratable='off'>
        <topology sockets='1' dies='1' cores='2' threads='2'/>
        <cache mode='passthrough'/>
        <feature policy='require' name='topoext'/>
      </cpu>"
    `);
  });

  it('binds memory where the host has several nodes', () => {
    const nodes = aTopology([
      { cores: 4, node: 0 },
      { cores: 4, node: 1 },
    ]);
    expect(planXml(planFor(nodes))).toContain("<numatune>\n  <memory mode='strict' nodeset='1'/>\n</numatune>");
  });

  it('is well-formed for any plan', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const answer = planPins(request);
        const xml = 'plan' in answer ? planXml(answer.plan) : '';
        expect(parseXml(`<domain>${xml}</domain>`).name).toBe('domain');
      }),
    );
  });
});

function part(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom('', ...texts);
}

describe('applyPlan', () => {
  it('makes what is missing, where libvirt writes it', () => {
    expect(
      applied(
        { body: '<memory>8388608</memory>\n  <vcpu>2</vcpu>\n  <os/>', gpu: false },
        planFor(desktop(4), { vcpus: 4, iothreads: [] }),
      ),
    ).toMatchInlineSnapshot(`
      "<domain type='kvm'>
        <name>vm</name>
        <metadata>
          <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
            <libosinfo:os id="http://microsoft.com/win/11"/>
          </libosinfo:libosinfo>
        </metadata>
        <memory>8388608</memory>
        <vcpu>4</vcpu>
        <cputune>
          <vcpupin vcpu="0" cpuset="2"/>
          <vcpupin vcpu="1" cpuset="6"/>
          <vcpupin vcpu="2" cpuset="3"/>
          <vcpupin vcpu="3" cpuset="7"/>
          <emulatorpin cpuset="0-1,4-5"/>
        </cputune>
        <os/>
        <cpu mode="host-passthrough" check="none" migratable="off">
          <topology sockets="1" dies="1" cores="2" threads="2"/>
          <cache mode="passthrough"/>
          <feature policy="require" name="topoext"/>
        </cpu>
        <devices>
          
        </devices>
      </domain>
      "
    `);
  });

  it('keeps the VM on this host, so that it has the even clock, unless something is said of that', () => {
    const plan = planFor(desktop(4), { vcpus: 4 });
    const cpu = (attributes: string, inside = ''): string =>
      applied({ body: `<cpu mode='host-passthrough'${attributes}>${inside}</cpu>` }, plan);
    expect(cpu(" check='none' migratable='on'")).toContain("<cpu mode='host-passthrough' check='none' migratable='off'>");
    expect(cpu('')).toContain("migratable='off'");
    expect(cpu(" migratable='on'", "<feature policy='require' name='invtsc'/>")).toContain("migratable='on'");
    expect(applied({ body: "<cpu mode='host-passthrough' migratable='on'/>", gpu: false }, plan)).toContain("migratable='on'");
    expect(applied({ body: "<cpu mode='host-model'/>" }, plan)).not.toContain('migratable');
  });

  it('changes the pins that are there, removes those of no vCPU, and leaves the rest alone', () => {
    const body = `<vcpu placement='auto' cpuset='0-3' current="2">8</vcpu>
  <iothreads>1</iothreads>
  <cputune>
    <shares>2048</shares> <!-- mine -->
    <vcpupin vcpu="1" cpuset="0-1"/>
    <vcpupin vcpu='1' cpuset='3'/>
    <vcpupin vcpu='9' cpuset='3'/>
    <emulatorpin cpuset='2'/>
    <iothreadpin iothread='4' cpuset='2'/>
    <vcpusched vcpus='0' scheduler='fifo' priority='1'/>
  </cputune>
  <cpu mode="host-passthrough"><topology sockets="4" cores="2" threads="1"/><feature policy='disable' name='topoext'/></cpu>`;
    expect(applied({ body, gpu: false }, planFor(desktop(4), { vcpus: 4 }))).toMatchInlineSnapshot(`
      "<domain type='kvm'>
        <name>vm</name>
        <metadata>
          <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
            <libosinfo:os id="http://microsoft.com/win/11"/>
          </libosinfo:libosinfo>
        </metadata>
        <vcpu placement='static'>4</vcpu>
        <iothreads>1</iothreads>
        <cputune>
          <shares>2048</shares> <!-- mine -->
          <vcpupin vcpu="1" cpuset="6"/>
          <vcpupin vcpu='0' cpuset='2'/>
          <vcpupin vcpu='2' cpuset='3'/>
          <vcpupin vcpu='3' cpuset='7'/>
          <emulatorpin cpuset='0-1,4-5'/>
          <iothreadpin iothread='1' cpuset='0-1,4-5'/>
          <vcpusched vcpus='0' scheduler='fifo' priority='1'/>
        </cputune>
        <cpu mode="host-passthrough"><topology sockets="1" cores="2" threads="2"/><cache mode='passthrough'/><feature policy='require' name='topoext'/></cpu>
        <devices>
          
        </devices>
      </domain>
      "
    `);
  });

  it('removes caches that would be those of other CPUs', () => {
    const body = "<vcpu>16</vcpu>\n  <cpu mode='host-passthrough'>\n    <cache mode='passthrough'/>\n  </cpu>";
    expect(applied({ body }, planFor(X3D, { vcpus: 16 }))).not.toContain('<cache');
    expect(applied({ body }, planFor(desktop(16), { vcpus: 16 }))).toContain("<cache mode='passthrough'/>");
  });

  it('leaves the model of a processor that is not the host’s, and shows it no caches of the host', () => {
    const text = applied({ body: "<vcpu>4</vcpu>\n  <cpu mode='host-model'/>" }, planFor(desktop(4), { vcpus: 4 }));
    expect(text).toContain("<cpu mode='host-model'>\n    <topology sockets='1' dies='1' cores='2' threads='2'/>\n  </cpu>");
  });

  it('binds memory to the node, and the only cell of the guest keeps all vCPUs', () => {
    const nodes = aTopology([
      { cores: 4, node: 0 },
      { cores: 4, node: 7 },
    ]);
    const body = `<vcpu>2</vcpu>
  <numatune><memory mode='interleave' placement='auto'/><memnode cellid='0' mode='preferred' nodeset='0'/></numatune>
  <cpu mode='maximum'><numa><cell id='0' cpus='0-1' memory='1' unit='GiB'/></numa></cpu>`;
    const text = applied({ body }, planFor(nodes, { vcpus: 4 }));
    expect(text).toContain("<numatune><memory mode='strict' nodeset='7'/><memnode cellid='0' mode='strict' nodeset='7'/></numatune>");
    expect(text).toContain("<cell id='0' cpus='0-3' memory='1' unit='GiB'/>");
  });

  it('takes memory from the only node where the definition names others', () => {
    const body = "<vcpu>4</vcpu>\n  <numatune><memory mode='preferred' nodeset='0-3'/></numatune>";
    expect(applied({ body }, planFor(desktop(4), { vcpus: 4 }))).toContain("<memory mode='preferred' nodeset='0'/>");
  });

  it('plugs all vCPUs in that the guest had', () => {
    const body = `<vcpu current='4'>6</vcpu>
  <vcpus>
    <vcpu id='0' enabled='yes'/>
    <vcpu id='1' enabled='no'/>
  </vcpus>`;
    const text = applied({ body }, planFor(X3D, { vcpus: 4 }));
    expect(text).toContain('<vcpu>4</vcpu>\n  <cputune>');
  });

  it('keeps CRLF', () => {
    const text = applyPlan(aDocument(aDefinition({ body: '<vcpu>4</vcpu>' }).replaceAll('\n', '\r\n')), planFor());
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('writes the plan into any definition, however it is written', () => {
    const nodes = aTopology([
      { cores: 6, node: 0 },
      { cores: 6, node: 1 },
    ]);
    const plan = planFor(nodes, { vcpus: 6 });
    const given = fc.record({
      vcpu: part(
        '<vcpu/>',
        "<vcpu current='2' />",
        '<vcpu>6</vcpu>',
        "<vcpu\n  placement='auto'>99</vcpu>",
        '<vcpu>6</vcpu><vcpu>7</vcpu>',
      ),
      vcpus: part("<vcpus><vcpu id='0' enabled='no'/></vcpus>", '<vcpus/>'),
      cputune: part(...CPUTUNES, `${CPUTUNES[1]}${CPUTUNES[2]}`),
      numatune: part('<numatune/>', '<numatune><memory/></numatune>', "<numatune> <memnode cellid='0'/> </numatune>"),
      cpu: part(...CPUS),
      space: fc.constantFrom('', ' ', '\n', '\r\n  ', '<!-- x -->'),
    });
    fc.assert(
      fc.property(given, ({ space, ...parts }) => {
        const text = applied({ body: Object.values(parts).join(space), gpu: false }, plan);
        const after = aDocument(text);
        expect(vcpuPlaces(after).map(({ cpus }) => cpus)).toEqual(plan.vcpus.map((cpu) => [cpu]));
        expect(emulatorPin(after)?.cpus).toEqual(plan.emulator);
        expect(guestTopology(after)?.product).toBe(6);
        expect(numaTuneOf(after).memory?.nodes).toEqual([plan.memoryNode]);
      }),
    );
  });
});

const CPUTUNES = [
  '<cputune/>',
  "<cputune><shares>9</shares> <vcpupin vcpu='5' cpuset='0'/><vcpupin vcpu='5' cpuset='1'/> </cputune>",
  "<cputune>\n    <emulatorpin/>\n    <vcpupin vcpu='x'/><iothreadpin iothread='1' cpuset='^'/>\n  </cputune>",
  "<cputune><!-- mine --><vcpupin cpuset='0' vcpu='+1'/><vcpusched vcpus='0'/></cputune>",
];

const CPUS = [
  '<cpu/>',
  "<cpu mode='host-passthrough' />",
  "<cpu mode='maximum'><topology sockets='1' cores='6' threads='1'/> </cpu>",
  "<cpu mode='host-passthrough'>\n<cache level='3' mode='emulate'/><feature name='topoext'/></cpu>",
  "<cpu mode='custom'><model>EPYC</model><topology/><numa><cell cpus='0'/></numa></cpu>",
];
