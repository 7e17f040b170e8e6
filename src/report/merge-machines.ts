import type { Machine, MachinePassthrough } from './machine.ts';

/** Descriptions of one machine, the oldest first, as one: the newest, with the VMs of all, and every row in which they differ. */
export function mergeMachines(machines: readonly Machine[]): Machine | undefined {
  const newest = machines.at(-1);
  if (newest === undefined) return undefined;
  const vms = new Map(machines.flatMap((machine) => machine.vms).map((vm) => [vm.name, vm]));
  const passthrough = mergePassthrough(machines.flatMap((machine) => machine.passthrough ?? []));
  return {
    ...newest,
    vms: [...vms.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...(passthrough === undefined ? {} : { passthrough }),
    environment: mergeRows(machines.flatMap(({ environment }) => environment)),
  };
}

/** Rows of one name stay together. */
function mergeRows(rows: Machine['environment']): Machine['environment'] {
  const byName = new Map<string, Map<string, Machine['environment'][number]>>();
  for (const row of rows) {
    const same = byName.get(row.name) ?? new Map<string, Machine['environment'][number]>();
    byName.set(row.name, same.set(row.value, row));
  }
  return [...byName.values()].flatMap((same) => [...same.values()]);
}

/** What goes to any of the VMs goes with the others, unless a report found it in the way of one: its finding stays, too. */
function mergePassthrough(all: readonly MachinePassthrough[]): MachinePassthrough | undefined {
  if (all.length === 0) return undefined;
  const devices = new Set(all.flatMap((one) => one.devices));
  const groups = new Set(all.flatMap((one) => one.groups));
  const members = all.flatMap((one) => one.others).toSorted((a, b) => Number(a.mayStay === false) - Number(b.mayStay === false));
  const others = new Map(members.map((member) => [JSON.stringify([member.group, member.name]), member]));
  return {
    devices: [...devices].toSorted(),
    groups: [...groups],
    others: [...others.values()].filter(({ name, mayStay }) => mayStay === false || !devices.has(name)),
  };
}
