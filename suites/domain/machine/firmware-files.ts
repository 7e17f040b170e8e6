import type { DomainDocument } from '../../../src/domain/document.ts';
import { firmwareBuild } from '../../../src/domain/firmware-build.ts';
import { type FirmwareDefinition, firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import type { XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome, type Remedy } from '../../../src/engine/outcome.ts';
import { hiddenFile } from '../machine-file.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import type { DocumentFile, DocumentFiles } from '../../../src/facts/document-files.ts';

/** Bytes of the parts of EDK2's builds for x86, which are flash images without a mark of their own. */
const SIZES = { code: { '2M': 1_966_080, '4M': 3_653_632 }, vars: { '2M': 131_072, '4M': 540_672 } } as const;

export default defineDomainRule({
  id: 'domain/machine/firmware-files',
  title: 'The files of the firmware are there, and of one build',
  severity: 'blocker',
  host: ['documentFiles'],
  why: 'A package that renames its firmware (2 MiB to 4 MiB builds, raw to qcow2) leaves domains behind that name the old files: they do not start.',
  sources: ['https://libvirt.org/formatdomain.html#bios-bootloader', 'https://github.com/tianocore/edk2/blob/master/OvmfPkg/README'],
  evaluate(document, { documentFiles }) {
    const firmware = firmwareDefinition(document.root);
    const { loader, path } = firmware;
    if (loader === undefined || path === null) return [];
    const file = documentFiles.get(path);
    const code = judgeLoader(document, loader, path, file);
    const variables = code.status === 'pass' ? judgeVariables(document, firmware, documentFiles) : [];
    return variables.length > 0 ? variables : code;
  },
});

function judgeLoader(document: DomainDocument, loader: XmlElement, path: string, file: DocumentFile | undefined): Outcome {
  if (file === undefined) return couldNotLook(path, 'it is no absolute path', 'write the whole path of the firmware', 'major');
  const { stat } = file;
  if (stat.state === 'unreadable') return hiddenFile(path, stat);
  if (stat.state === 'ok') return passAt(document, loader);
  return failAt(document, loader, `${path} is not there`, {
    evidence: [{ source: path, observed: 'not there' }],
    remedy: letLibvirtChoose(document),
  });
}

function judgeVariables(
  document: DomainDocument,
  { nvram, nvramPath, template, path, loader }: FirmwareDefinition,
  files: DocumentFiles,
): Outcome[] {
  const at = (name: string | null): DocumentFile | undefined => (name === null ? undefined : files.get(name));
  const [vars, source] = [at(nvramPath), at(template)];
  if (nvram === undefined || loader === undefined) return [];
  if (vars?.stat.state === 'ok') return judgeSizes(document, nvram, path ?? '', at(path), nvramPath ?? '', vars);
  // Only variables that are not there yet are made from the template; a hidden folder leaves that open.
  if (vars?.stat.state === 'unreadable' || source === undefined || template === null) return [];
  if (source.stat.state === 'absent') {
    const missing = { source: template, observed: 'not there' };
    return [
      failAt(document, { element: nvram, attribute: 'template' }, `${template} is not there, and the variables were not made yet`, {
        evidence: [missing],
        remedy: letLibvirtChoose(document),
      }),
    ];
  }
  return source.stat.state === 'ok' ? judgeSizes(document, nvram, path ?? '', at(path), template, source) : [];
}

/** Measured with QEMU 7.2 and EDK2 2022.11: code of 2 MiB crashes with variables of 4 MiB; code of 4 MiB forgets, with Secure Boot it crashes. */
function judgeSizes(
  document: DomainDocument,
  nvram: XmlElement,
  path: string,
  code: DocumentFile | undefined,
  name: string,
  vars: DocumentFile,
): Outcome[] {
  const [codeSize, varsSize] = [sizeOf('code', code), sizeOf('vars', vars)];
  if (codeSize === null || varsSize === null || codeSize === varsSize) return [];
  const forgets = codeSize === '4M' && !firmwareBuild(path).needsSmm;
  const effect = forgets ? 'boot entries and keys are forgotten' : 'the firmware crashes at start';
  return [
    failAt(document, nvram, `${name} has the variables of a ${varsSize}iB build, ${path} is one of ${codeSize}iB: ${effect}`, {
      severity: forgets ? 'major' : 'blocker',
      evidence: [
        seenAt(document, nvram),
        { source: name, observed: `${SIZES.vars[varsSize]} bytes`, expected: `${SIZES.vars[codeSize]} bytes` },
      ],
      remedy: {
        summary:
          'Name the code that the variables were made for, or have them made anew: boot entries and keys are then those of the template',
        steps: [{ run: `virsh start --reset-nvram ${shellWord(document.domain.name)}` }],
      },
    }),
  ];
}

function sizeOf(part: 'code' | 'vars', file: DocumentFile | undefined): '2M' | '4M' | null {
  if (file?.stat.state !== 'ok') return null;
  const { size } = file.stat.value;
  if (size === SIZES[part]['2M']) return '2M';
  return size === SIZES[part]['4M'] ? '4M' : null;
}

function letLibvirtChoose(document: DomainDocument): Remedy {
  return xmlRemedy(document, 'Name files that are there, or let libvirt choose: without <loader> and the template of <nvram>, with', {
    inside: '<domain>',
    write: "<os firmware='efi'/>",
  });
}
