import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseXml } from '../../src/domain/xml.ts';
import { specJsonSchema } from '../../src/provision/spec/json-schema.ts';
import { movedDevices } from './device-places.ts';
import { DEVICES, nameOf, plainLine, specWith, VM_FIELDS } from './fields-spec.ts';
import { ISO, NETWORK_FIELDS, POOL_FIELDS, SHARED, VOLUME_FIELDS } from './fields.ts';
import { actionLines, definitions, guestData, IMAGES, makeMedia, planned, type Planned, remarkLines, writeSpec } from './lab.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools() ?? (DEVICES === null ? 'this machine shows no two PCI devices' : null);
if (obstacle !== null) console.warn(`every field of a spec on a real libvirtd skipped: ${obstacle}`);

const OBJECTS = {
  networks: { kind: 'network', fields: NETWORK_FIELDS },
  pools: { kind: 'pool', fields: POOL_FIELDS },
  volumes: { kind: 'volume', fields: VOLUME_FIELDS },
  vms: { kind: 'domain', fields: VM_FIELDS },
} as const;
const CASES = Object.entries(OBJECTS).flatMap(([place, { kind, fields }]) =>
  fields.map((field) => ({ ...field, path: `${place}.*.${field.field}`, kind, name: nameOf(field) })),
);
/** What libvirt, or passcheck, does not change: seen refused below. Of a size, only to less. */
const REFUSED = ['name', 'networks.*.uuid', 'pools.*.uuid', 'pools.*.path', 'vms.*.uuid'];
/** Each has its own test below. */
const OTHERS = ['connection', 'media', 'media.*', 'networks', 'networks.*', 'pools', 'pools.*', 'volumes', 'volumes.*', 'vms', 'vms.*'];

describe('the table of fields', () => {
  it('has every key of a spec', () => {
    const tested = new Set([...CASES.map(({ path }) => path), ...REFUSED, ...OTHERS]);
    expect(keysOf(specJsonSchema()).filter((key) => !tested.has(key))).toEqual([]);
    expect(new Set(CASES.map(({ path }) => path)).size).toBe(CASES.length);
  });
});

describe.skipIf(obstacle !== null)('each field of a spec that changes', () => {
  let host: Libvirtd;
  let there: Planned;
  let back: Planned;
  const xml = { first: new Map<string, string>(), changed: new Map<string, string>(), last: new Map<string, string>() };
  beforeAll(async () => {
    host = await startLibvirtd();
    await makeMedia(
      host,
      ['one', 'other', 'here', 'there'].map((name) => `${ISO}/${name}.iso`),
    );
    writeSpec(host, specWith('from'));
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    await readDomains(xml.first);
    writeSpec(host, specWith('to'));
    there = await planned(host);
  });
  afterAll(() => host?.dispose());

  it.each(CASES)('$path is planned as just that', ({ kind, name, says }) => {
    expect(linesOf(there, kind, name)).toEqual(says);
  });

  it.each([
    ['pool', 'autostart/pool.qcow2'],
    ['file', 'shared/other.img'],
    ['format', 'shared/format.raw'],
  ])('volumes.*.%s is another volume, which its VM gets', (name, file) => {
    const driver = name === 'format' ? ['disk vda: driver type: qcow2 → raw'] : [];
    expect(linesOf(there, 'domain', name)).toEqual([`disk vda: source: ${SHARED}/${name}.qcow2 → ${IMAGES}/${file}`, ...driver]);
  });

  it('media.* is another image in the drive', () => {
    expect(linesOf(there, 'domain', 'moved')).toEqual([`CD drive sda: source: ${ISO}/here.iso → ${ISO}/there.iso`]);
  });

  it('takes effect now, but for networks, which run', () => {
    const effects = there.plan.actions.flatMap(({ object, changes }) => changes.map(({ effect }) => `${object.kind} ${effect}`));
    expect([...new Set(effects)].toSorted()).toEqual(['domain now', 'network next start', 'volume now']);
    expect(there.exitCode).toBe(5);
  });

  it('is applied with one call each, and nothing is left to do but to start the networks again', async () => {
    const data = await guestData(host);
    const applied = await host.passcheck(['apply', 'lab.yaml']);
    expect(applied).toMatchObject({ exitCode: 0 });
    expect(applied.writes).toHaveLength(there.plan.actions.length);
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan) }).toEqual({ exitCode: 0, actions: [] });
    const waiting = NETWORK_FIELDS.filter(({ says, field }) => says.length > 0 && field !== 'autostart').map(nameOf);
    expect(plan.pending.map(({ object }) => object.name)).toEqual(waiting);
    expect((await guestData(host)).split('\n')).toEqual(
      expect.arrayContaining(data.split('\n').filter((line) => !line.includes('/size.'))),
    );
    await restartNetworks(waiting);
    expect((await planned(host)).plan.pending).toEqual([]);
    await readDomains(xml.changed);
  });

  it('is planned in the same way when it changes back', async () => {
    const spec = specWith('from');
    writeSpec(host, { ...spec, volumes: { ...spec.volumes, size: { pool: 'shared', size: '96 MiB' } } });
    back = await planned(host);
    for (const { path, kind, name, saysBack } of CASES) expect([path, ...linesOf(back, kind, name)]).toEqual([path, ...saysBack]);
    expect(linesOf(back, 'domain', 'moved')).toEqual([`CD drive sda: source: ${ISO}/there.iso → ${ISO}/here.iso`]);
  });

  it('is applied then, and everything is as it was', async () => {
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    const waiting = back.plan.actions.flatMap(({ object, changes }) =>
      object.kind === 'network' && changes.length > 0 ? [object.name] : [],
    );
    await restartNetworks(waiting);
    const { exitCode, plan } = await planned(host);
    expect({ exitCode, actions: actionLines(plan), pending: plan.pending }).toEqual({ exitCode: 0, actions: [], pending: [] });
    await readDomains(xml.last);
  });

  it('moves no device that is there before and after', () => {
    const moved = VM_FIELDS.map(nameOf).flatMap((name) => {
      const versions = [xml.first, xml.changed, xml.last].map((texts) => parseXml(texts.get(name) ?? ''));
      // A disk on another bus is another device.
      const isOther = name === 'disks.each.bus';
      const lines = isOther
        ? []
        : [...movedDevices(...versions.slice(0, 2)), ...movedDevices(...versions.slice(1)), ...movedDevices(...versions)];
      return lines.map((line) => `${name}: ${line}`);
    });
    expect(moved).toEqual([]);
  });

  it('is refused where libvirt cannot do it, or data would be lost, and nothing is done', async () => {
    const spec = specWith('from');
    const uuid = '11111111-2222-4333-8444-555555555555';
    writeSpec(host, {
      ...spec,
      networks: { ...spec.networks, shared: { address: '10.98.0.1/24', bridge: 'pcbr-shared', uuid } },
      pools: { ...spec.pools, shared: { path: SHARED, uuid: uuid.replace('1', '2') }, autostart: { path: `${IMAGES}/elsewhere` } },
      volumes: { ...spec.volumes, file: { pool: 'shared', size: '64 MiB', format: 'raw', file: 'file.qcow2' } },
      vms: {
        ...spec.vms,
        title: { memory: '1 GiB', vcpus: 1, uuid: uuid.replace('1', '3') },
        gpu: { memory: '1 GiB', vcpus: 1, gpu: { devices: [DEVICES?.one ?? ''], ids: ['dead:beef'] } },
      },
    });
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(1);
    expect(remarkLines(plan.refused).toSorted()).toEqual([
      expect.stringMatching(/^domain gpu: the PCI device at .* is .*, not dead:beef$/),
      expect.stringMatching(/^domain title: its UUID is /),
      expect.stringMatching(/^network shared: its UUID is /),
      expect.stringMatching(/^pool autostart: it is at .*\/autostart, and passcheck moves no volumes/),
      expect.stringMatching(/^pool shared: its UUID is /),
      expect.stringMatching(/^volume file: .*\/file\.qcow2 is qcow2, and passcheck converts no disk$/),
      expect.stringMatching(/^volume size: .* has 96 MiB; making it 64 MiB would cut off data$/),
    ]);
    const before = await definitions(host);
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 1, writes: [] });
    expect(await definitions(host)).toBe(before);
  });

  it('as the name of the spec leaves everything to the old one', async () => {
    writeSpec(host, { ...specWith('from'), name: 'renamed' });
    const { exitCode, plan } = await planned(host);
    expect(exitCode).toBe(1);
    const owned = plan.refused.filter(({ message }) => message.endsWith('belongs to the spec fields')).map(({ object }) => object?.kind);
    // Networks and pools that fit are used as they are.
    expect(new Set(owned)).toEqual(new Set(['volume', 'domain']));
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 1, writes: [] });
  });

  it('as a VM, network, pool or volume that is left out leaves it alone', async () => {
    const before = await definitions(host);
    writeSpec(host, { name: 'fields' });
    expect(await planned(host)).toMatchObject({ exitCode: 0, plan: { actions: [] } });
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0, writes: [] });
    expect(await definitions(host)).toBe(before);
  });

  it('as the connection is that of a user, where nothing is there yet', async () => {
    const before = await definitions(host);
    demanded(
      await host.sh(`echo 'lab:x:1234:1234::/home/lab:/bin/bash' >> /etc/passwd; echo 'lab:x:1234:' >> /etc/group; mkdir -p /run/lab
      chown 1234:1234 /run/lab; chmod 755 .. . ../bin`),
    );
    writeSpec(host, { name: 'fields', connection: 'qemu:///session', pools: { shared: { path: '/run/lab/pool' } } });
    const asUser = 'CALLS= HOME=/run/lab setpriv --reuid 1234 --regid 1234 --clear-groups';
    const line = (command: string): string => `${asUser} passcheck ${command} lab.yaml`;
    const plan = await host.sh(line('plan'));
    expect(plan).toMatchObject({
      exitCode: 5,
      stdout: expect.stringMatching(/^\+ pool shared: \/run\/lab\/pool; make its folder; start; /),
    });
    expect(await host.sh(line('apply'))).toMatchObject({ exitCode: 0 });
    expect(await host.sh(line('plan'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to do') });
    expect(await definitions(host)).toBe(before);
  });

  async function readDomains(texts: Map<string, string>): Promise<void> {
    const dumps = VM_FIELDS.map((field) => `dumpxml --inactive ${nameOf(field)}`).join('; ');
    const parts = (await host.virsh(dumps)).split(/^(?=<domain )/m);
    VM_FIELDS.forEach((field, index) => texts.set(nameOf(field), (parts[index] ?? '').trim()));
  }

  async function restartNetworks(names: readonly string[]): Promise<void> {
    for (const name of names) await host.virsh(`net-destroy ${name}; net-start ${name}`);
  }
});

function linesOf({ plan }: Planned, kind: string, name: string): string[] {
  const lines = plan.actions
    .filter(({ object }) => object.kind === kind && object.name === name)
    .flatMap(({ changes, summary }) =>
      changes.length === 0 ? [summary] : changes.map(({ field, from, to }) => `${field}: ${from ?? '-'} → ${to ?? '-'}`),
    );
  return [...new Set(lines.map(plainLine))];
}

/** `vms.*.disks.*.bus`: what a spec can have. */
function keysOf(schema: unknown, path: readonly string[] = []): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, additionalProperties, items, anyOf = [] } = { ...schema } as Schema;
  const below = Object.entries({ ...properties, ...(typeof additionalProperties === 'object' ? { '*': additionalProperties } : {}) });
  const inside = below.flatMap(([key, value]) => [[...path, key].join('.'), ...keysOf(value, [...path, key])]);
  // A list of numbers or texts is one value.
  const each = typeof items === 'object' && 'properties' in items ? keysOf(items, [...path, '*']) : [];
  return [...new Set([...inside, ...each, ...anyOf.flatMap((choice) => keysOf(choice, path))])];
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: object | boolean;
  readonly items?: object;
  readonly anyOf?: readonly unknown[];
}
