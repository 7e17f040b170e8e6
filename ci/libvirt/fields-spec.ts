import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEVICE_FIELDS } from './device-fields.ts';
import { type Field, ISO, NETWORK_FIELDS, POOL_FIELDS, SHARED, VOLUME_FIELDS } from './fields.ts';
import { IMAGES, type LabSpec, type LabVm } from './lab.ts';
import { SYSTEM_FIELDS } from './system-fields.ts';

export const VM_FIELDS = [...SYSTEM_FIELDS, ...DEVICE_FIELDS];

/** Two PCI functions of this machine, and vendor:device of the first; null: it does not show so many. */
export const DEVICES = twoDevices();

/** `disks.*.bus`: an object with that field has its name. */
export const nameOf = ({ field }: Pick<Field<unknown>, 'field'>): string => field.replaceAll('*', 'each');
/** VMs whose volume changes, or the place of their image. */
const BESIDE = ['pool', 'file', 'format', 'moved'];
/** Each object has one field that changes. */
export function specWith(when: 'from' | 'to'): LabSpec {
  const of = <Part>(fields: readonly Field<Part>[], base: (name: string, index: number) => Part): Record<string, Part> =>
    Object.fromEntries(
      fields.map((field, index) => {
        const part = { ...base(nameOf(field), index), ...field.from, ...(when === 'to' ? field.to : {}) };
        return [nameOf(field), JSON.parse(filled(JSON.stringify(part), index))];
      }),
    );
  const small = [...VM_FIELDS.map(nameOf), 'second', 'third', 'moved'];
  return {
    name: 'fields',
    networks: {
      shared: { address: '10.98.0.1/24', bridge: 'pcbr-shared' },
      ...of(NETWORK_FIELDS, (_, index) => ({ bridge: `pcbr-${index}`, address: '10.99.N.1/24' })),
    },
    pools: { shared: { path: SHARED }, ...of(POOL_FIELDS, (name) => ({ path: `${IMAGES}/${name}` })) },
    volumes: {
      ...Object.fromEntries(small.map((name) => [name, { pool: 'shared', size: '1 MiB' }])),
      ...of(VOLUME_FIELDS, () => ({ pool: 'shared', size: '64 MiB' })),
    },
    media: { one: `${ISO}/one.iso`, other: `${ISO}/other.iso`, moved: when === 'to' ? `${ISO}/there.iso` : `${ISO}/here.iso` },
    vms: {
      ...of(VM_FIELDS, vm),
      ...Object.fromEntries(BESIDE.map((name) => [name, { ...vm(name), media: name === 'moved' ? ['moved'] : ['one'] }])),
    },
  };
}

const vm = (name: string): LabVm => ({
  memory: '1 GiB',
  vcpus: 1,
  disks: [{ volume: name }],
  media: ['one'],
  nics: [{ network: 'shared' }],
});

/** See {@link Field}. */
function filled(text: string, index: number): string {
  const { one, other, oneId } = DEVICES ?? { one: '', other: '', oneId: '' };
  const words = { '.N.': `.${index}.`, '"ONE"': `"${one}"`, '"OTHER"': `"${other}"`, '"ONE_ID"': `"${oneId}"` };
  return Object.entries(words).reduce((now, [word, value]) => now.replaceAll(word, value), text);
}

/** What differs from machine to machine: addresses that are made from its name, places of its devices. */
export function plainLine(line: string): string {
  const { one, other } = DEVICES ?? { one: 'ONE', other: 'OTHER' };
  return line
    .replaceAll(/52:54:00(?!:99)(?::[0-9a-f]{2}){3}/g, 'MAC')
    .replaceAll(one, 'ONE')
    .replaceAll(other, 'OTHER')
    .replace(/(disk vda: address: )0000:\S+/, '$1PLACE')
    .replace(/: (?:domain|bus|slot|function) on the host: .*/, ': its place on the host');
}

function twoDevices(): { readonly one: string; readonly other: string; readonly oneId: string } | null {
  const folder = '/sys/bus/pci/devices';
  const [one, other] = existsSync(folder) ? readdirSync(folder).toSorted().toReversed() : [];
  if (one === undefined || other === undefined) return null;
  const [vendor, device] = ['vendor', 'device'].map((name) =>
    readFileSync(join(folder, one, name), 'utf8')
      .trim()
      .slice(2),
  );
  return { one, other, oneId: `${vendor}:${device}` };
}
