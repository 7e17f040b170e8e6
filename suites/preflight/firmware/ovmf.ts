import { defineCheck } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type Remedy,
} from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { FirmwareDescriptor, FirmwareDescriptors, FirmwareFile } from '../../../src/facts/firmware-descriptors.ts';
import { ENROLLED_FEATURES, firmwareFiles, fitsQ35, hasFeatures, isComplete, SECURE_FEATURES } from '../../../src/facts/firmware-fit.ts';
import type { JudgedDomains } from '../../../src/facts/judged-domains.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { installSteps } from '../../../src/remedy/packages.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

export default defineCheck({
  id: 'preflight/firmware/ovmf',
  title: 'UEFI firmware for q35 guests is installed, with Secure Boot',
  severity: 'blocker',
  needs: ['firmwareDescriptors'],
  wants: ['platform', 'judgedDomains'],
  why: 'Without UEFI firmware the guest does not start. Windows 11 wants a firmware that can do Secure Boot.',
  sources: [
    'https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/firmware.json',
    'https://libvirt.org/formatdomain.html#bios-bootloader',
  ],
  evaluate({ firmwareDescriptors, platform, judgedDomains }) {
    const judged = judgedDomains.ok ? judgedDomains.value.domains.map(({ definition }) => definition) : [];
    const efi = judged.filter(({ firmware }) => firmware === 'efi').map(({ name }) => name);
    if (judged.length > 0 && efi.length === 0) return notApplicable(`${judged.map(({ name }) => name).join(', ')}: boots without UEFI`);
    const named = firmwareDescriptors.named.filter(({ domain }) => efi.includes(domain));
    return (
      judgeNamed(named, platform) ??
      judgeBroken(firmwareDescriptors) ??
      judgeUsable(firmwareDescriptors, platform) ??
      judgeNothing(firmwareDescriptors, platform, efi.length > 0 && covers(named, judgedDomains) ? named : [])
    );
  },
});

type Named = FirmwareDescriptors['named'];

/** Files that a domain names by path: a package that renames them (2M → 4M images) breaks the domain. */
function judgeNamed(named: Named, platform: Attempt<Platform>): Outcome | null {
  const missing = named.find(({ firmware }) => firmware.file.state === 'absent');
  if (missing !== undefined) {
    const { domain, firmware } = missing;
    return fail(`${domain} names ${firmware.path}, which is not there`, {
      evidence: [{ source: firmware.path, observed: 'not there', expected: `the firmware of ${domain}` }],
      remedy: {
        summary: `Let libvirt choose: replace the <loader> and <nvram> of ${domain} by <os firmware='efi'>, or name files that exist`,
        steps: [...install(platform), { run: `virsh edit ${shellWord(domain)}` }],
      },
    });
  }
  const hidden = named.find(({ firmware }) => firmware.file.state === 'unreadable');
  return hidden === undefined ? null : hiddenFile(hidden.firmware);
}

/** One file that is no JSON makes libvirt refuse to choose at all: src/qemu/qemu_firmware.c, qemuFirmwareFetchParsedConfigs. */
function judgeBroken({ bad }: FirmwareDescriptors): Outcome | null {
  const broken = bad.find(({ kind }) => kind === 'broken');
  if (broken === undefined) return null;
  return fail(`libvirt chooses no firmware while ${broken.path} is ${broken.detail}`, {
    evidence: [{ source: broken.path, observed: broken.detail, expected: 'a firmware descriptor in JSON, or an empty file' }],
    remedy: { summary: `Mend or remove ${broken.path}` },
  });
}

function judgeUsable(facts: FirmwareDescriptors, platform: Attempt<Platform>): Outcome | null {
  const fitting = facts.descriptors.filter(fitsQ35);
  const usable = fitting.filter(isComplete);
  const [first] = usable;
  const enrolled = usable.find((descriptor) => hasFeatures(descriptor, ENROLLED_FEATURES));
  if (enrolled !== undefined) return pass(...evidence(enrolled));
  const hidden = fitting.flatMap(firmwareFiles).find(({ file }) => file.state === 'unreadable');
  if (hidden !== undefined) return hiddenFile(hidden);
  const unread = facts.bad.find(({ kind }) => kind === 'hidden');
  if (unread !== undefined) return couldNotLook(unread.path, unread.detail, 'run passcheck as root');
  if (first === undefined) return null;
  const secure = usable.find((descriptor) => hasFeatures(descriptor, SECURE_FEATURES));
  if (secure !== undefined) {
    return fail('no firmware has Microsoft’s keys enrolled: Secure Boot can be offered to the guest, but stays off', {
      evidence: evidence(secure, ENROLLED_FEATURES),
      remedy: enrol(secure, platform),
      severity: 'minor',
    });
  }
  return fail('the only UEFI firmware cannot do Secure Boot, which Windows 11 asks for', {
    evidence: evidence(first, ENROLLED_FEATURES),
    remedy: withSteps('Install the firmware with Secure Boot and System Management Mode', platform),
    severity: 'major',
  });
}

function judgeNothing({ descriptors, folders, unlisted }: FirmwareDescriptors, platform: Attempt<Platform>, named: Named): Outcome {
  const [own] = named;
  if (own !== undefined) return pass({ source: own.firmware.path, observed: `named by ${own.domain}` });
  const [file] = unlisted;
  if (file !== undefined && platform.ok && platform.value.hasOwnVms === true) return pass({ source: file, observed: 'is there' });
  if (file !== undefined) return passWith('no descriptor lists it: the VM must name it by path', { source: file, observed: 'is there' });
  const [missing, ...others] = descriptors.filter(fitsQ35).map(incomplete);
  const folder = { source: folders.join(', '), observed: `${descriptors.length} descriptors`, expected: 'one for x86_64 and pc-q35' };
  return fail('there is no UEFI firmware for a q35 guest', {
    evidence: missing === undefined ? [folder] : [missing, ...others, folder],
    remedy: withSteps('Install the UEFI firmware for virtual machines', platform),
  });
}

function incomplete(descriptor: FirmwareDescriptor): Evidence {
  const missing = firmwareFiles(descriptor).filter(({ file }) => file.state !== 'ok' || file.value.kind !== 'file');
  return { source: descriptor.path, observed: `${missing.map(({ path }) => path).join(', ')}: not there` };
}

function covers(named: Named, judged: Attempt<JudgedDomains>): boolean {
  return judged.ok && judged.value.domains.every(({ definition }) => named.some(({ domain }) => domain === definition.name));
}

function evidence(descriptor: FirmwareDescriptor, expected?: readonly string[]): [Evidence, ...Evidence[]] {
  return [
    {
      source: descriptor.path,
      observed: descriptor.features.filter((feature) => ENROLLED_FEATURES.includes(feature)).join(', ') || 'no secure-boot',
      ...(expected === undefined ? {} : { expected: expected.join(', ') }),
    },
    ...firmwareFiles(descriptor).map(({ path }) => ({ source: path, observed: 'is there' })),
  ];
}

function hiddenFile({ path, file }: FirmwareFile): Outcome {
  return couldNotLook(path, file.state === 'unreadable' ? file.detail : 'not there', 'run passcheck as root');
}

/** Packages with enrolled variables: Debian's, Fedora's and openSUSE's; Arch and NixOS have none. */
function enrol({ nvramTemplate }: FirmwareDescriptor, platform: Attempt<Platform>): Remedy {
  const distribution = platform.ok ? platform.value.distribution : null;
  const isPackaged = distribution !== null && distribution !== 'arch' && distribution !== 'nixos';
  if (isPackaged) return withSteps('Install the firmware with enrolled keys', platform);
  const input = shellWord(nvramTemplate?.path ?? 'OVMF_VARS.fd');
  const run = `virt-fw-vars --input ${input} --output /var/lib/libvirt/qemu/nvram/VM_VARS.fd --enroll-redhat --secure-boot`;
  const text = 'with virt-fw-vars (virt-firmware), for the VM named VM:';
  return { summary: 'Enrol Microsoft’s keys into the variables of the guest, if it shall have Secure Boot on', steps: [{ text, run }] };
}

function withSteps(summary: string, platform: Attempt<Platform>): Remedy {
  return platform.ok ? { summary, steps: install(platform) } : { summary };
}

function install(platform: Attempt<Platform>): NonNullable<Remedy['steps']> {
  return platform.ok ? installSteps(platform.value, ['ovmf']) : [];
}
