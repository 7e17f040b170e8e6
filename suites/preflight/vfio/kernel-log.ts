import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, pass } from '../../../src/engine/outcome.ts';

/** Messages that mean trouble whatever device they name, or that name none. drivers/vfio, drivers/iommu */
const GENERAL: readonly (readonly [RegExp, string])[] = [
  [/No interrupt remapping (?:support|for this)/, 'Turn on interrupt remapping in the firmware setup and on the kernel command line'],
  [/vfio[-_]pci: invalid id string/, 'Write the ids of vfio-pci as vendor:device, separated by commas'],
  [/RLIMIT_MEMLOCK \(\d+\) exceeded/, 'Raise the memory lock limit of the user who starts QEMU'],
  [/AMD-Vi: Completion-Wait loop timed out/, 'Switch the machine off and on: a device hangs after a failed reset'],
];

/** Messages that matter when they name a device that is passed. */
const OF_DEVICE: readonly (readonly [RegExp, string])[] = [
  [
    /BAR \d: can't reserve|can't reserve \[mem/,
    'Free the memory window: the framebuffer of the firmware holds it. Make another display the primary one',
  ],
  [/not ready \d+ms after .{1,32}; giving up/, 'Switch the machine off and on: the device did not come back from its reset'],
  [/reset recovery - restoring BARs|vfio_bar_restore/, 'Pass every function of the card, and look for its reset bug'],
  [
    /from D3(?:cold|hot) to D0|config space inaccessible|Refused to change power state/,
    'Switch the machine off and on, and start with vfio-pci.disable_idle_d3=1: the device does not wake up',
  ],
  [/IOTLB_INV_TIMEOUT/, 'Switch the machine off and on: the device no longer answers the IOMMU, mostly after a failed reset'],
  [/Cannot bind to PF with SR-IOV enabled/, 'Pass a virtual function, or switch SR-IOV of the device off'],
  [/exists in vfio-pci device denylist/, 'Choose another device, or set vfio_pci disable_denylist=1 knowing the risk'],
  [/ineligible for IOMMU domain attach due to platform RMRR/, 'Choose another device or slot: the firmware keeps memory for this one'],
  [
    /\[DMA (?:Read|Write)[^\]]{0,32}\] Request device|IO_PAGE_FAULT/,
    'Look for the reset bug of the device, and for a driver that held it before vfio-pci',
  ],
];

/** What vfio says of a device when something went wrong that has no line above: often it follows from what another check finds. */
const OTHERWISE: readonly [RegExp, string] = [
  /\bvfio[\w-]*[ :].*\b(?:failed|unable to|cannot|timed out)\b/i,
  'Mend what else is found first; if it is still there after a reboot, read the lines around it: journalctl -k -b',
];

export default defineCheck({
  id: 'preflight/vfio/kernel-log',
  title: 'The kernel reports no trouble with VFIO or the GPU',
  severity: 'major',
  needs: ['passthrough', 'kernelLog'],
  why: 'A reset that failed, a memory window that another driver holds, or a DMA fault shows in the kernel log long before anybody understands the black screen.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://docs.kernel.org/arch/x86/iommu.html'],
  evaluate({ passthrough, kernelLog }) {
    if (passthrough.gpus.length === 0) return notApplicable('no GPU is selected');
    const names = passthrough.devices.flatMap((address) => (address.startsWith('0000:') ? [address, address.slice(5)] : [address]));
    const found = kernelLog.lines.flatMap((line) => {
      const known =
        GENERAL.find(([pattern]) => pattern.test(line)) ??
        (names.some((name) => mentions(line, name)) ? [...OF_DEVICE, OTHERWISE].find(([pattern]) => pattern.test(line)) : undefined);
      return known === undefined ? [] : [{ line, pattern: known[0], fix: known[1] }];
    });
    const kinds = found.filter(({ pattern }, index) => found.findIndex((other) => other.pattern === pattern) === index);
    const [first, ...more] = kinds.map(({ line, pattern }): Evidence => {
      const count = found.filter((other) => other.pattern === pattern).length;
      return { source: kernelLog.source, observed: count === 1 ? line : `${line} (${count} times)` };
    });
    if (first !== undefined) {
      const fixes = [...new Set(kinds.map(({ fix }) => fix))];
      return fail(`the kernel reports: ${kinds[0]?.line ?? ''}`, {
        evidence: [first, ...more],
        remedy: { summary: fixes[0] ?? '', steps: fixes.slice(1).map((text) => ({ text })) },
        ...(kinds.every(({ pattern }) => pattern === OTHERWISE[0]) ? { severity: 'minor' as const } : {}),
      });
    }
    if (!kernelLog.hasBeginning)
      return couldNotLook(
        kernelLog.source,
        'the kernel log has lost its beginning',
        'Look at it by hand: journalctl -k -b | grep -E "vfio|DMAR|AMD-Vi"',
      );
    return pass({
      source: kernelLog.source,
      observed: `${kernelLog.lines.length} lines, none of them about trouble with ${passthrough.devices.join(', ')}`,
    });
  },
});

/** `01:00.0` is not a part of `0000:81:01:00.0` or of `01:00.01`. */
function mentions(line: string, address: string): boolean {
  for (let at = line.indexOf(address); at !== -1; at = line.indexOf(address, at + 1)) {
    const before = line[at - 1] ?? ' ';
    const after = line[at + address.length] ?? ' ';
    if (!/[0-9a-f:]/i.test(before) && !/[0-9a-f]/i.test(after)) return true;
  }
  return false;
}
