import { templateTexts } from './texts.ts';

/** A device that a VM is given: `0000:01:00.0`, `10de:2684`. */
interface TemplateDevice {
  readonly address: string;
  readonly id: string;
}

/** What `passcheck init` prints. */
interface Template {
  readonly name: string;
  /** In a line, without a stop. */
  readonly summary: string;
  readonly text: string;
}

/** In the order of a list to choose from. */
const ORDER = ['homelab', 'win11-vfio', 'phase-0', 'minimal'];

/** Every spec that comes with passcheck. */
export const TEMPLATES: readonly Template[] = ORDER.flatMap((name) => {
  const text = templateTexts[name];
  return text === undefined ? [] : [{ name, summary: /^# (.*)\.$/m.exec(text)?.[1] ?? '', text }];
});

const EXAMPLE = '      # An example: `passcheck inventory` lists the devices of this machine, with their ids.';
const DEVICES = /^ {6}devices: \[.*\]$/m;
const IDS = /^ {6}ids: \[.*\]$/m;

/** Does it give a VM a GPU, of which the addresses are an example? */
export function hasGpu({ text }: Template): boolean {
  return text.includes(EXAMPLE) && DEVICES.test(text) && IDS.test(text);
}

/** Its text with the devices of a machine in place of the example. */
export function withGpu({ text }: Template, devices: readonly TemplateDevice[]): string {
  return text
    .replace(EXAMPLE, '      # As they are on the machine on which this was written.')
    .replace(DEVICES, `      devices: ${list(devices.map(({ address }) => address))}`)
    .replace(IDS, `      ids: ${list(devices.map(({ id }) => id))}`);
}

function list(words: readonly string[]): string {
  return `[${words.map((word) => `'${word}'`).join(', ')}]`;
}
