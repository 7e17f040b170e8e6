import * as z from 'zod/mini';

const ADDRESS = /^([0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-1][0-9a-f]\.[0-7]$/i;
const PCI_ID = /^[0-9a-f]{4}:[0-9a-f]{4}$/i;

const address = z.pipe(
  z.string().check(z.regex(ADDRESS, 'a PCI address like 0000:01:00.0')),
  z.transform((text) => (text.split(':').length === 2 ? `0000:${text}` : text).toLowerCase()),
);
const pciId = z.pipe(
  z.string().check(z.regex(PCI_ID, 'a vendor:device pair like 10de:2684')),
  z.transform((text) => text.toLowerCase()),
);
const addresses = z.union([
  z.pipe(
    address,
    z.transform((one) => [one]),
  ),
  z.array(address),
]);
const absolutePath = z.string().check(z.regex(/^\//, 'an absolute path'));
const positive = z.number().check(z.positive());

/** `passcheck.yaml`. Everything is optional; what is missing is inferred, and the report says what was inferred. */
export const configSchema = z.strictObject({
  /** Addresses of the GPU(s) that are passed through. */
  gpu: z._default(addresses, []),
  /** The same by vendor:device; all devices with these ids are meant. */
  ids: z._default(z.array(pciId), []),
  /** The libvirt domains that are judged; all that are given a GPU, unless told. */
  vms: z._default(z.array(z.string().check(z.minLength(1))), []),
  /** The libvirt connection that the VMs belong to. */
  connection: z._default(z.enum(['qemu:///system', 'qemu:///session']), 'qemu:///system'),
  lookingGlass: z.optional(
    z.strictObject({
      resolution: z.optional(z.string().check(z.regex(/^\d{3,5}x\d{3,5}$/, 'a resolution like 2560x1440'))),
      file: z._default(absolutePath, '/dev/shm/looking-glass'),
    }),
  ),
  media: z._default(z.strictObject({ windows: z.optional(absolutePath), virtio: z.optional(absolutePath) }), {}),
  thresholds: z._default(
    z.strictObject({
      /** Largest accepted overhead of the guest, as a fraction of the bare-metal result. */
      overhead: z._default(positive, 0.05),
      lookingGlassMs: z._default(positive, 20),
      boots: z._default(z.int().check(z.positive()), 3),
      /** Memory that must stay for the host, MiB. */
      hostReserveMiB: z._default(positive, 4096),
    }),
    { overhead: 0.05, lookingGlassMs: 20, boots: 3, hostReserveMiB: 4096 },
  ),
  /** Check id → severity. */
  severity: z._default(z.record(z.string(), z.enum(['blocker', 'major', 'minor', 'info'])), {}),
  phase: z.optional(z.string()),
});

export type Config = z.infer<typeof configSchema>;
