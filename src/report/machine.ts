import * as z from 'zod/mini';

import { inventorySchema } from '../inventory/model.ts';

const cpus = z.array(z.number());

/** Where one thread may run; null: on any CPU. */
const place = z.object({ id: z.number(), cpus: z.nullable(cpus) });

/** What a report shows of a VM's definition. */
const vm = z.object({
  name: z.string(),
  /** How many vCPUs it starts with. */
  vcpus: z.number(),
  memoryKiB: z.nullable(z.number()),
  pins: z.object({
    vcpus: z.array(place),
    /** QEMU's own threads; null: on any CPU. */
    emulator: z.nullable(cpus),
    iothreads: z.array(place),
  }),
  /** PCI functions of the host that it gets. */
  devices: z.array(z.string()),
});

/** What the results are about, for the pictures and tables of a report. */
export const machineSchema = z.object({
  inventory: inventorySchema,
  /** The VMs that were judged, by name. */
  vms: z.array(vm),
  /** Software and settings that the results hold for: `QEMU`, `7.2.0`, and what said so. */
  environment: z.array(z.object({ name: z.string(), value: z.string(), source: z.string() })),
});

export type Machine = z.infer<typeof machineSchema>;
export type MachineVm = z.infer<typeof vm>;
