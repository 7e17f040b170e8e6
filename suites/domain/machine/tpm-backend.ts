import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { DocumentFiles } from '../../../src/facts/document-files.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Swtpm } from '../../../src/facts/swtpm.ts';
import { installSteps } from '../../../src/remedy/packages.ts';
import { hiddenFile } from '../machine-file.ts';
import { type TpmDevice, tpmDevices } from '../machine-tpm.ts';

export default defineDomainRule({
  id: 'domain/machine/tpm-backend',
  title: 'The host has what the TPM of the domain is made of',
  severity: 'blocker',
  host: ['swtpm', 'documentFiles'],
  wantsHost: ['platform'],
  why: 'libvirt starts swtpm for an emulated TPM, and opens the device for one of the host. Where that is missing the domain does not start.',
  sources: ['https://libvirt.org/formatdomain.html#tpm-device', 'https://gitlab.com/libvirt/libvirt/-/blob/master/src/util/virtpm.c'],
  evaluate(document, { swtpm, documentFiles, platform }) {
    const [tpm] = tpmDevices(document);
    if (tpm === undefined) return [];
    if (tpm.type === 'emulator') return judgeEmulator(document, tpm, swtpm, platform);
    if (tpm.type === 'passthrough') return judgeDevice(document, tpm, documentFiles);
    return notApplicable('the TPM is made by somebody else');
  },
});

/** libvirt looks for all three before it starts any: src/util/virtpm.c, virTPMEmulatorInit */
function judgeEmulator(document: DomainDocument, { element }: TpmDevice, { tools, searched }: Swtpm, platform: Attempt<Platform>): Outcome {
  const needed = [
    ['swtpm', tools.swtpm],
    ['swtpm_setup', tools.swtpm_setup],
    ['swtpm_ioctl', tools.swtpm_ioctl],
  ] as const;
  const missing = needed.find(([, tool]) => tool.state === 'absent');
  if (missing !== undefined) {
    return failAt(document, element, `the host has no ${missing[0]}, which emulates the TPM`, {
      evidence: [{ source: searched.join(':'), observed: `no ${missing[0]}` }],
      remedy: { summary: 'Install swtpm', ...(platform.ok ? { steps: installSteps(platform.value, ['swtpm']) } : {}) },
    });
  }
  const hidden = needed.find(([, tool]) => tool.state === 'unreadable');
  if (hidden?.[1].state === 'unreadable') return hiddenFile(searched.join(':'), hidden[1]);
  return passAt(document, element);
}

function judgeDevice(document: DomainDocument, { element, backend }: TpmDevice, files: DocumentFiles): Outcome {
  const path = attribute(first(backend, 'device'), 'path') ?? '/dev/tpm0';
  const stat = files.get(path)?.stat;
  if (stat === undefined) return couldNotLook(path, 'it is no absolute path', 'write the whole path of the device', 'major');
  if (stat.state === 'unreadable') return hiddenFile(path, stat);
  if (stat.state === 'ok' && stat.value.kind === 'character-device') return passAt(document, element);
  return failAt(document, backend ?? element, `the host has no TPM at ${path}`, {
    evidence: [{ source: path, observed: stat.state === 'absent' ? 'not there' : stat.value.kind }],
    remedy: xmlRemedy(document, 'Emulate a TPM, or switch that of the host on in its firmware'),
  });
}
