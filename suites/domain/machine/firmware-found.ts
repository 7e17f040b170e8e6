import type { DomainDocument } from '../../../src/domain/document.ts';
import { firmwareDefinition, smmState } from '../../../src/domain/firmware-definition.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { FirmwareDescriptor, FirmwareFile } from '../../../src/facts/firmware-descriptors.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { installSteps } from '../../../src/remedy/packages.ts';
import { hiddenFile } from '../machine-file.ts';
import { chosenDescriptor } from '../machine-firmware.ts';

export default defineDomainRule({
  id: 'domain/machine/firmware-found',
  title: 'The host has firmware as the definition asks for',
  severity: 'blocker',
  host: ['firmwareDescriptors'],
  wantsHost: ['platform', 'documentFiles', 'libvirt'],
  why: "With firmware='efi' libvirt takes the first firmware that fits the machine and the features: \"Unable to find any firmware to satisfy 'efi'\" is what a VM says where none does.",
  sources: [
    'https://libvirt.org/formatdomain.html#bios-bootloader',
    'https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/firmware.json',
  ],
  evaluate(document, { firmwareDescriptors, platform, documentFiles, libvirt }) {
    const { os, chosenBy, path } = firmwareDefinition(document.root);
    if (os === undefined || chosenBy !== 'efi') return notApplicable('libvirt is not to choose UEFI firmware');
    const isMissing = path !== null && documentFiles.ok && documentFiles.value.get(path)?.stat.state === 'absent';
    if (isMissing) return notApplicable('its loader is not there (domain/machine/firmware-files)');
    if (path !== null && isBefore92(libvirt)) return notApplicable('this libvirt takes no loader beside (domain/machine/firmware-choice)');
    const { bad, descriptors } = firmwareDescriptors;
    const broken = bad.find(({ kind }) => kind === 'broken');
    if (broken !== undefined) {
      return failAt(document, os, `libvirt chooses no firmware while ${broken.path} is ${broken.detail}`, {
        evidence: [{ source: broken.path, observed: broken.detail, expected: 'a firmware descriptor in JSON, or an empty file' }],
        remedy: { summary: `Mend or remove ${broken.path}` },
      });
    }
    const hidden = bad.find(({ kind }) => kind === 'hidden');
    if (hidden !== undefined) return couldNotLook(hidden.path, hidden.detail, 'run passcheck as root');
    const heedsSmm = !isBefore92(libvirt);
    const chosen = chosenDescriptor(document, descriptors, { heedsSmm });
    const needsSmm = chosen?.features.includes('requires-smm') === true && smmState(document.root).state === 'off';
    if (needsSmm) return judgeSmm(document, chosen);
    return chosen === null ? judgeNone(document, descriptors, platform) : judgeFiles(document, chosen, platform);
  },
});

function isBefore92(libvirt: Attempt<Libvirt>): boolean {
  const version = libvirt.ok ? libvirt.value.version : null;
  return version !== null && (version[0] < 9 || (version[0] === 9 && version[1] < 2));
}

function judgeSmm(document: DomainDocument, { path, executable }: FirmwareDescriptor): Outcome {
  const { element = document.root } = smmState(document.root);
  return failAt(
    document,
    element,
    `this libvirt chooses ${executable?.path ?? path}, and System Management Mode, which that needs, is off`,
    {
      expected: "<smm state='on'/>",
      evidence: [{ source: path, observed: 'requires-smm' }],
      remedy: xmlRemedy(document, 'Switch System Management Mode on, or ask for firmware without Secure Boot', {
        inside: '<features>',
        write: "<smm state='on'/>",
      }),
    },
  );
}

function judgeNone(document: DomainDocument, descriptors: readonly FirmwareDescriptor[], platform: Attempt<Platform>): Outcome {
  const { os, features, path: loader } = firmwareDefinition(document.root);
  const asked = [
    ...(loader === null ? [] : [`the loader ${loader.slice(-120)}`]),
    ...[...features].map(([name, enabled]) => `${enabled ? 'with' : 'without'} ${name}`),
  ];
  const uefi = descriptors.filter(({ interfaces }) => interfaces.includes('uefi'));
  const seen = uefi
    .slice(0, 6)
    .map(({ path, features: has, executable }) => ({ source: path, observed: `${executable?.path ?? ''}: ${has.join(', ')}` }));
  return failAt(
    document,
    os ?? document.root,
    ['no firmware of the host fits the machine and what is asked for', asked.join(', ')].filter((part) => part !== '').join(': '),
    {
      evidence: seen.length > 0 ? seen : [{ source: '/usr/share/qemu/firmware', observed: 'no descriptor of UEFI firmware' }],
      remedy: {
        ...xmlRemedy(
          document,
          uefi.length > 0
            ? `${loader === null ? 'A' : 'Remove <loader>, so that libvirt chooses one, or a'}sk for what one of them has, on the machine that it is for, or install firmware that has it`
            : 'Install the UEFI firmware for VMs',
        ),
        ...(platform.ok ? { steps: installSteps(platform.value, ['ovmf']) } : {}),
      },
    },
  );
}

function judgeFiles(
  document: DomainDocument,
  { path, executable, nvramTemplate }: FirmwareDescriptor,
  platform: Attempt<Platform>,
): Outcome {
  const { os = document.root } = firmwareDefinition(document.root);
  const files = [executable, nvramTemplate].filter((file): file is FirmwareFile => file !== null);
  const missing = files.find(({ file }) => file.state === 'absent');
  if (missing !== undefined) {
    return failAt(document, os, `libvirt chooses ${missing.path}, which is not there`, {
      evidence: [{ source: path, observed: `names ${missing.path}`, expected: 'a file that is there' }],
      remedy: {
        summary: `Install the package of ${path} again`,
        ...(platform.ok ? { steps: installSteps(platform.value, ['ovmf']) } : {}),
      },
    });
  }
  const [hidden] = files.flatMap((named) => (named.file.state === 'unreadable' ? [hiddenFile(named.path, named.file)] : []));
  if (hidden !== undefined) return hidden;
  return passAt(document, os, `libvirt chooses ${executable?.path ?? path}`);
}
