import * as z from 'zod/mini';

import { inventorySchema } from '../inventory/model.ts';

const cpus = z.array(z.number());

/** Where one thread may run; null: on any CPU, unless `unread` or `auto` says otherwise. */
const place = z.object({ id: z.number(), cpus: z.nullable(cpus) });

/** What a report shows of a VM's definition. */
const vm = z.object({
  /** As results call it in their `subject`: the name of a domain of libvirt, or the file, with `#win11` for one of several in it. */
  name: z.string(),
  /** How many vCPUs it starts with; 0 where libvirt refuses the number that is written. */
  vcpus: z.number(),
  memoryKiB: z.nullable(z.number()),
  pins: z.object({
    vcpus: z.array(place),
    /** QEMU's own threads; null: on any CPU. */
    emulator: z.nullable(cpus),
    iothreads: z.array(place),
    /** Pins whose list of CPUs could not be read, as written; `id` is null for the emulator. Where these threads run is not known. */
    unread: z.exactOptional(
      z.array(z.object({ thread: z.enum(['vCPU', 'emulator', 'I/O thread']), id: z.nullable(z.number()), text: z.string() })),
    ),
    /** libvirt asks numad at each start where threads without a pin run. */
    auto: z.exactOptional(z.literal(true)),
  }),
  /** PCI functions of the host that it gets. */
  devices: z.array(z.string()),
});

/** Something in an IOMMU group that goes to a VM, which does not go with it. */
const groupMember = z.object({
  group: z.string(),
  /** A PCI address, or the name of a device of another bus. */
  name: z.string(),
  /** Null: none is bound, or it could not be seen, which leaves `mayStay` open too. */
  driver: z.nullable(z.string()),
  /** VFIO tolerates it in the group. Null: could not be told. */
  mayStay: z.nullable(z.boolean()),
});

/** What goes to VMs, and what else is in its IOMMU groups, as the checks judge it. */
const passthrough = z.object({
  /** Addresses, sorted. Empty: nothing says which device goes. */
  devices: z.array(z.string()),
  /** The groups of these devices of which the kernel told all members; the others could not be judged. */
  groups: z.array(z.string()),
  others: z.array(groupMember),
});

/** What the results are about, for the pictures and tables of a report. */
export const machineSchema = z.object({
  inventory: inventorySchema,
  /** The VMs that were judged, by name. */
  vms: z.array(vm),
  /** Missing where the devices, or the groups, could not be looked at. */
  passthrough: z.exactOptional(passthrough),
  /** Software and settings that the results hold for: `QEMU`, `7.2.0`, and what said so. */
  environment: z.array(z.object({ name: z.string(), value: z.string(), source: z.string() })),
});

export type Machine = z.infer<typeof machineSchema>;
export type MachineVm = z.infer<typeof vm>;
export type MachinePassthrough = z.infer<typeof passthrough>;
