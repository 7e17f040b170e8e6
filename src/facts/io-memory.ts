import { PCI_ADDRESS } from './pci-devices.ts';

/** A named piece of /proc/iomem. */
export interface ClaimedRegion {
  /** `BOOTFB`, `efifb`, `simplefb` … */
  readonly name: string;
  /** The PCI function in whose window it lies; null when it lies in none. */
  readonly device: string | null;
}

/** Names under which firmware framebuffers and their drivers hold memory: drivers/firmware/sysfb*.c, drivers/video/fbdev, drivers/gpu/drm/tiny. */
const FIRMWARE_FRAMEBUFFER = /^(?:BOOTFB|efifb|vesafb|simplefb|simple-framebuffer(?:\.\d+)?|simpledrm|efidrm|vesadrm)$/;

/**
 * The framebuffers of the firmware in /proc/iomem. An ordinary user reads zeros for addresses, so only the indentation
 * tells what lies in what.
 */
export function parseFirmwareFramebuffers(text: string): ClaimedRegion[] {
  const found: ClaimedRegion[] = [];
  const above: { depth: number; name: string }[] = [];
  for (const line of text.split('\n')) {
    const match = /^( {0,64})[0-9a-f]{1,16}-[0-9a-f]{1,16} : ([^\n]{1,256})$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const [depth, name] = [match[1].length, match[2].trim()];
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    if (FIRMWARE_FRAMEBUFFER.test(name))
      found.push({ name, device: above.findLast((region) => PCI_ADDRESS.test(region.name))?.name ?? null });
    above.push({ depth, name });
  }
  return found;
}
