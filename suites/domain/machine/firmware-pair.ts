import type { DomainDocument } from '../../../src/domain/document.ts';
import { firmwareBuild } from '../../../src/domain/firmware-build.ts';
import { type FirmwareDefinition, firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/firmware-pair',
  title: 'Code, variables and formats of the firmware belong together',
  // Not a blocker: the template is only used to make the variables, and these may have been made from a right one.
  severity: 'major',
  why: 'Builds of 2 MiB and 4 MiB have their variables at different places: the one crashes with those of the other, or forgets whatever is written to them.',
  sources: ['https://libvirt.org/formatdomain.html#bios-bootloader', 'https://github.com/tianocore/edk2/blob/master/OvmfPkg/README'],
  evaluate(document) {
    const firmware = firmwareDefinition(document.root);
    const { loader, nvram, path, template } = firmware;
    if (loader === undefined || path === null) return [];
    const outcomes = [
      judgeLoaderFormat(document, loader, path, firmware.format),
      judgeSizes(document, path, firmware),
      judgeTemplateFormat(document, firmware),
    ];
    const failed = outcomes.filter((outcome) => outcome !== null);
    if (failed.length > 0) return failed;
    return template === null ? notApplicable('no template of the variables is written') : passAt(document, nvram ?? loader);
  },
});

function judgeLoaderFormat(document: DomainDocument, element: Spot & object, path: string, format: string | null): Outcome | null {
  const { format: named } = firmwareBuild(path);
  if (format === null || named === null || format === named) return null;
  const spot = 'element' in element ? element : { element, attribute: 'format' };
  return failAt(document, spot, `format='${format.slice(0, 20)}' for ${path}`, {
    expected: `format='${named}'`,
    remedy: xmlRemedy(document, `Write the format that the file has (\`qemu-img info ${path}\` shows it)`, {
      inside: '<os>',
      write: `<loader readonly='yes' type='pflash' format='${named}'>${path}</loader>`,
    }),
  });
}

/** Only within one folder an unmarked name means the other size: a copy elsewhere can be called anything. */
function judgeSizes(document: DomainDocument, path: string, { nvram, template, type }: FirmwareDefinition): Outcome | null {
  if (nvram === undefined || template === null || type !== 'pflash') return null;
  const [code, vars] = [firmwareBuild(path), firmwareBuild(template)];
  if (code.part !== 'code' || vars.part !== 'vars' || code.size === vars.size) return null;
  const isUnmarked = code.size === null || vars.size === null;
  if (isUnmarked && folder(path) !== folder(template)) return null;
  const is4M = code.size === '4M';
  const effect = is4M && !code.needsSmm ? 'the variables are forgotten' : 'the firmware crashes';
  return failAt(
    document,
    { element: nvram, attribute: 'template' },
    `the loader is a build of ${is4M ? 4 : 2} MiB, the template one of ${is4M ? 2 : 4} MiB: with variables made from it ${effect}`,
    {
      expected: `the template beside ${path}`,
      remedy: xmlRemedy(
        document,
        'Name the template that belongs to the loader, as a descriptor in /usr/share/qemu/firmware does; when the variables were made from the wrong one, `virsh start --reset-nvram` makes them anew',
      ),
    },
  );
}

/** libvirt copies the template byte by byte, unless templateFormat says what it is (since 10.10). */
function judgeTemplateFormat(
  document: DomainDocument,
  { nvram, template, templateFormat, nvramFormat, format }: FirmwareDefinition,
): Outcome | null {
  if (nvram === undefined || template === null) return null;
  const { format: named } = firmwareBuild(template);
  const wanted = templateFormat ?? nvramFormat ?? format;
  if (named === null || wanted === null || wanted === named) return null;
  return failAt(
    document,
    { element: nvram, attribute: templateFormat === null ? 'template' : 'templateFormat' },
    `the template is ${named} by its name, and taken as ${wanted.slice(0, 20)}`,
    {
      expected: named,
      remedy: xmlRemedy(
        document,
        `Write templateFormat='${named}' (libvirt 10.10 and later), or a template in the format of the variables`,
      ),
    },
  );
}

function folder(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
