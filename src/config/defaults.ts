import type { Config } from './schema.ts';

/** The configuration of a user who wrote none: what the schema makes of nothing, without the cost of the schema. */
export const DEFAULT_CONFIG: Config = {
  gpu: [],
  ids: [],
  vms: [],
  connection: 'qemu:///system',
  media: {},
  thresholds: { overhead: 0.05, lookingGlassMs: 20, boots: 3, hostReserveMiB: 4096 },
  severity: {},
};
