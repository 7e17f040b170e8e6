import * as z from 'zod/mini';

/** What libvirt, virsh's own parser, file names and host names all take as it stands. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/;
const SIZE = /^(?!0+(?:\.0+)? ?[KMGT]iB$)\d{1,9}(?:\.\d{1,3})? ?[KMGT]iB$/;
const PATH = /^(?!.*\/\.{1,2}(?:\/|$))\/[^\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]{0,4000}$/u;
const FILE = /^(?!.*\/\.{1,2}(?:\/|$))\/[^\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]{0,4000}(?<!\/)$/u;
const MAC = /^[0-9a-fA-F][02468aceACE](?::[0-9a-fA-F]{2}){5}$/;
const ADDRESS = /^(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-1][0-9a-fA-F]\.[0-7]$/;
const CPUS = /^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?){0,255}$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const SUBNET = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\/)|(?=\/))){4}\/(?:[89]|[12]\d|30)$/;
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** `what` it has to be, for the person who wrote something else. Patterns have no flag but `u`: the JSON Schema keeps none. */
const text = (pattern: RegExp, what: string) => z.string(what).check(z.regex(pattern, what));
const name = text(NAME, 'a name of letters, digits and _ . + - (64 at most, a letter or digit first)');
const size = text(SIZE, 'a size like 60 GiB or 512 MiB, more than nothing');
const path = text(PATH, 'an absolute path without . or .. in it');
const file = text(FILE, 'the absolute path of a file, without . or .. in it');
const mac = z.pipe(
  text(MAC, 'a MAC address of one device like 52:54:00:12:34:56'),
  z.transform((given) => given.toLowerCase()),
);
const pciAddress = z.pipe(
  text(ADDRESS, 'a PCI address like 0000:01:00.0'),
  z.transform((given) => (given.length === 7 ? `0000:${given}` : given).toLowerCase()),
);
const pciId = z.pipe(
  text(/^[0-9a-fA-F]{4}:[0-9a-fA-F]{4}$/, 'a vendor:device pair like 10de:2684'),
  z.transform((given) => given.toLowerCase()),
);
const cpus = text(CPUS, 'CPUs like 2-5,8');
const ipv4 = text(IPV4, 'an IPv4 address like 192.168.56.10');
const uuid = z.optional(
  z.pipe(
    text(UUID, 'a UUID'),
    z.transform((given) => given.toLowerCase()),
  ),
);
/** YAML's own keys are words, so names of objects are checked where they stand. */
const named = <Value extends z.core.$ZodType>(value: Value) => z._default(z.record(name, value), {});

const networkSchema = z.strictObject({
  uuid,
  /** `isolated`: the VMs reach each other and the host, nothing else. */
  forward: z._default(z.enum(['nat', 'route', 'open', 'isolated']), 'nat'),
  /** The name of the bridge that libvirt makes. */
  bridge: z.optional(text(/^[A-Za-z0-9][\w.-]{0,14}$/, 'a bridge name of at most 15 letters, digits and _ . -')),
  /** The address of the host on it, with the length of the subnet's prefix. */
  address: text(SUBNET, 'an address with a prefix from 8 to 30, like 192.168.56.1/24'),
  dhcp: z.optional(z.strictObject({ start: ipv4, end: ipv4 })),
  domain: z.optional(text(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, 'a DNS domain like lab.internal')),
  autostart: z._default(z.boolean(), true),
});

const poolSchema = z.strictObject({ uuid, path, autostart: z._default(z.boolean(), true) });

const volumeSchema = z.strictObject({
  pool: name,
  size,
  format: z._default(z.enum(['qcow2', 'raw']), 'qcow2'),
  /** The file in the pool; NAME.FORMAT unless told. */
  file: z.optional(name),
});

const diskSchema = z.strictObject({
  volume: name,
  bus: z._default(z.enum(['virtio', 'sata']), 'virtio'),
});

const nicSchema = z.strictObject({
  /** A network of this spec, or of libvirt. */
  network: z.optional(name),
  /** A bridge of the host, in place of a network. */
  bridge: z.optional(text(/^[A-Za-z0-9][\w.-]{0,14}$/, 'the name of a bridge')),
  mac: z.optional(mac),
  model: z._default(z.enum(['virtio', 'e1000e']), 'virtio'),
  /** The address that the guest gives itself; its answer file sets it. */
  address: z.optional(ipv4),
});

const gpuSchema = z.strictObject({
  /** Every function that is handed over: the GPU, its audio, … */
  devices: z.array(pciAddress).check(z.minLength(1), z.maxLength(64)),
  /** What has to be at these addresses, in the same order: addresses move when cards are added. */
  ids: z._default(z.array(pciId), []),
});

const pinsSchema = z.union([
  z.literal('auto'),
  z.strictObject({
    /** One host CPU for each vCPU. */
    vcpus: z.array(z.int().check(z.nonnegative(), z.lt(8192))).check(z.minLength(1)),
    emulator: cpus,
    iothreads: z.optional(cpus),
  }),
]);

const vmKeys = z.strictObject({
  uuid,
  title: z.optional(text(/^[^\p{Cc}\p{Cs}\uFFFE\uFFFF]{1,200}$/u, 'a line of text')),
  os: z._default(
    z.enum(['windows-11', 'windows-10', 'windows-server-2019', 'windows-server-2022', 'windows-server-2025', 'linux']),
    'linux',
  ),
  /** `tcg`: software emulation, where there is no KVM; slow, and good for a look only. */
  accelerator: z._default(z.enum(['kvm', 'tcg']), 'kvm'),
  memory: size,
  vcpus: z.int().check(z.positive(), z.lte(710)),
  /** True: pages of the host's default size. */
  hugepages: z._default(z.union([z.boolean(), size]), false),
  pins: z.optional(pinsSchema),
  firmware: z._default(z.enum(['uefi', 'bios']), 'uefi'),
  /** True with UEFI, unless told. */
  secureBoot: z.optional(z.boolean()),
  nvram: z.optional(file),
  tpm: z._default(z.boolean(), true),
  disks: z._default(z.array(diskSchema).check(z.maxLength(24)), []),
  /** Names under `media`, in the order of the drives. */
  media: z._default(z.array(name).check(z.maxLength(6)), []),
  /** False: the drives are taken out of the VM. */
  attachInstallMedia: z._default(z.boolean(), true),
  nics: z._default(z.array(nicSchema).check(z.maxLength(24)), []),
  gpu: z.optional(gpuSchema),
  lookingGlass: z.optional(
    z.strictObject({ resolution: z._default(text(/^[1-9]\d{2,4}x[1-9]\d{2,4}$/, 'a resolution like 2560x1440'), '3840x2160') }),
  ),
  /** A console to look at: SPICE with a display of its own. */
  spice: z._default(z.boolean(), true),
  /** The name that the guest gives itself; that of the VM unless told. */
  hostname: z.optional(text(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, 'a host name')),
  autostart: z._default(z.boolean(), false),
});

const vmSchema = z.pipe(
  vmKeys,
  z.transform((vm) => ({ ...vm, secureBoot: vm.secureBoot ?? vm.firmware === 'uefi' })),
);

/** The file that `plan` and `apply` read, without what `meaning.ts` tells of it. docs/spec.md explains each key. */
export const specSchema = z.strictObject({
  /** Whose objects these are: what was made from this spec is marked with it. */
  name,
  connection: z._default(z.enum(['qemu:///system', 'qemu:///session']), 'qemu:///system'),
  networks: named(networkSchema),
  pools: named(poolSchema),
  volumes: named(volumeSchema),
  /** Images that VMs have in a CD drive: NAME: /path/to/image.iso */
  media: named(file),
  vms: named(vmSchema),
});

export type Spec = z.infer<typeof specSchema>;
export type NetworkSpec = Spec['networks'][string];
export type PoolSpec = Spec['pools'][string];
export type VolumeSpec = Spec['volumes'][string];
export type VmSpec = Spec['vms'][string];
export type NicSpec = VmSpec['nics'][number];
