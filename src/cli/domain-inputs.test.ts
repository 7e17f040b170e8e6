import { describe, expect, it } from 'vitest';

import { aDefinition } from '../../test/domain-rule.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { listArgv } from '../libvirt/virsh.ts';
import { openInputs } from './domain-inputs.ts';
import { programName } from './program-name.ts';

const URI = 'qemu:///system';
const LIST = listArgv(URI, false).join(' ');
const STOPPED = {
  exitCode: 1,
  stdout: '',
  stderr: "error: Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory\n",
};
const SILENT = `${URI} does not answer (Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory)`;
const MEND = `${programName(process.env)} preflight --only libvirt says how to mend that`;
const WIN11 = { '/etc/libvirt/qemu/win11.xml': aDefinition({ name: 'win11', body: '<vcpu>4</vcpu>', gpu: false }) };

async function refusal(names: readonly string[], given: MemoryHost): Promise<string> {
  const store = createFactStore({ host: memoryHost(given), context: { config: DEFAULT_CONFIG }, now: () => 0 });
  const error: unknown = await openInputs(names, store, URI).catch((reason: unknown) => reason);
  return error instanceof Error ? error.message : 'no error';
}

describe('a libvirt that does not answer', () => {
  const commands = { [LIST]: STOPPED };

  it('is not said to have no domain', async () => {
    const folders = ['/etc/libvirt/qemu'];
    expect(await refusal(['win11'], { commands, folders })).toBe(`win11: no such file here, and ${SILENT}; its files have none; ${MEND}`);
    expect(await refusal([], { commands, folders })).toBe(`${SILENT}: name an XML file; ${MEND}`);
  });

  it('can have files that name domains', async () => {
    expect(await refusal(['vm'], { commands, files: WIN11 })).toBe(`vm: no such file here, and ${SILENT}; its files have win11; ${MEND}`);
    expect(await refusal(['win12'], { commands, files: WIN11 })).toContain(`${SILENT}; the nearest in its files is win11`);
    expect(await refusal(['win11'], { commands, files: WIN11 })).toBe('no error');
  });

  it('cannot be asked without virsh', async () => {
    expect(await refusal(['win11'], {})).toContain(`${URI} could not be asked (virsh is not installed); its files have none`);
  });
});

describe('a libvirt that answers', () => {
  it('is believed when it has none', async () => {
    const commands = { [LIST]: { exitCode: 0, stdout: '\n=\n\n=\n\n', stderr: '' } };
    expect(await refusal(['win11'], { commands })).toBe(`win11: no such file here, and no domain of libvirt; ${URI} has none`);
    expect(await refusal([], { commands })).toBe(`${URI} has no domain: name an XML file`);
  });
});
