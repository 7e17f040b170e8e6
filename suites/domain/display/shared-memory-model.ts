import { insertChild, setAttribute } from '../../../src/domain/edit.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { isForLookingGlass, type Shmem, shmems } from '../../../src/domain/shmem.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, type Finding, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

const PLAIN = 'ivshmem-plain';
const DOORBELL = 'ivshmem-doorbell';

export default defineDomainRule({
  id: 'domain/display/shared-memory-model',
  title: 'Shared memory is of a model that QEMU has, with a server only where it needs one',
  severity: 'blocker',
  why: 'libvirt refuses a domain whose shared memory has no model (it then takes ivshmem, which QEMU dropped with 4.0) or a server that does not go with it.',
  sources: ['https://libvirt.org/formatdomain.html#shared-memory-device', 'https://looking-glass.io/docs/B7/ivshmem_shm/'],
  evaluate: (document) => shmems(document).map((shmem) => judge(document, shmem)),
});

function judge(document: DomainDocument, shmem: Shmem): Outcome {
  return (
    judgeName(document, shmem) ??
    judgeModel(document, shmem) ??
    judgeServer(document, shmem) ??
    passAt(document, shmem.modelElement ?? shmem.element)
  );
}

function judgeName(document: DomainDocument, { name, element }: Shmem): Outcome | null {
  if (attribute(element, 'name') === null) {
    return failAt(document, element, 'the shared memory has no name, which libvirt refuses', {
      expected: "name='looking-glass'",
      remedy: xmlRemedy(document, 'Name it; its file in /dev/shm has that name'),
    });
  }
  if (!name.includes('/')) return null;
  return failAt(document, { element, attribute: 'name' }, 'libvirt takes no name with a slash: it is that of a file in /dev/shm', {
    expected: "name='looking-glass'",
    remedy: xmlRemedy(document, 'Write the name alone, without /dev/shm'),
  });
}

function judgeModel(document: DomainDocument, shmem: Shmem): Outcome | null {
  const { element, model, modelElement } = shmem;
  if (model === PLAIN || model === DOORBELL) return null;
  const message =
    modelElement === undefined
      ? 'the shared memory names no model, and the one that libvirt then takes QEMU has no more'
      : `QEMU has no shared memory of the model ${model.slice(0, 40)}`;
  return failAt(document, modelElement ?? element, message, bePlain(document, shmem, first(element, 'server') === undefined));
}

function judgeServer(document: DomainDocument, shmem: Shmem): Outcome | null {
  const { element, model, modelElement } = shmem;
  const server = first(element, 'server');
  if (model === PLAIN) {
    if (server === undefined) return null;
    return failAt(document, server, `${PLAIN} has no server`, {
      remedy: xmlRemedy(document, `Take <server> away, or let the model be ${DOORBELL}`),
    });
  }
  const isTheirs = isForLookingGlass(shmem);
  if (server === undefined)
    return failAt(document, modelElement ?? element, `${DOORBELL} needs a <server>`, bePlain(document, shmem, isTheirs));
  if (!isTheirs) return null;
  const message = `Looking Glass maps a file of /dev/shm, and ${DOORBELL} takes its memory from a server`;
  return failAt(document, modelElement ?? element, message, { ...bePlain(document, shmem, false), severity: 'major' });
}

/** `isClear`: nothing else can have been meant. */
function bePlain(document: DomainDocument, { element, modelElement }: Shmem, isClear: boolean): Finding {
  const xml = `<model type='${PLAIN}'/>`;
  const edit = modelElement === undefined ? insertChild(document, element, xml) : setAttribute(document, modelElement, 'type', PLAIN);
  return {
    expected: xml,
    remedy: xmlRemedy(document, `Let the shared memory be of the model ${PLAIN}`, { inside: '<shmem>', within: element, write: xml }),
    edits: isClear ? [edit] : [],
  };
}
