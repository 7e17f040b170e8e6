import { applyEdits, type Edit, insertChild, removeAttribute, removeElement, setAttribute, setText } from '../../domain/edit.ts';
import type { XmlElement } from '../../domain/xml.ts';
import { groupedBy } from '../../grouped.ts';
import { type Tree, treeText } from '../tree.ts';
import type { Difference } from './difference.ts';
import { namespaceOfName } from './item.ts';

type Addition = Extract<Difference, { kind: 'add' }>;

/**
 * The text of a definition with differences put right; everything else stays, byte by byte. The differences have to come from
 * this text: they have its elements.
 */
export function spliced(text: string, differences: readonly Difference[]): string {
  const document = { text };
  const removed = new Set(differences.flatMap((difference) => (difference.kind === 'remove' ? [difference.element] : [])));
  const additions = differences.filter((difference) => difference.kind === 'add');
  const edits: (Edit | null)[] = differences.map((difference) => {
    switch (difference.kind) {
      case 'set-attribute':
        return setAttribute(document, difference.element, difference.name, difference.value);
      case 'remove-attribute':
        return removeAttribute(document, difference.element, difference.name);
      case 'set-text':
        return setText(document, difference.element, difference.value);
      case 'remove':
        return removeElement(document, difference.element);
      case 'add':
        return null;
    }
  });
  for (const [parent, group] of groupedBy(additions, (addition) => addition.parent))
    edits.push(...insertions(document, parent, group, removed));
  const result = applyEdits(
    text,
    edits.filter((edit) => edit !== null),
  );
  if (result === null) throw new Error('two differences of a definition change the same place');
  return result;
}

/** Children that go to the same place are one insertion. */
function insertions(
  document: { readonly text: string },
  parent: XmlElement,
  additions: readonly Addition[],
  removed: ReadonlySet<XmlElement>,
): readonly Edit[] {
  // Behind something that goes, there is no place.
  const children = parent.children.filter((child) => !removed.has(child));
  const open = { ...parent, children };
  const placed = additions.map(({ tree }) => ({ tree, after: orderIn(parent.name, tree.name) }));
  placed.sort((one, other) => one.after.length - other.after.length);
  const groups = groupedBy(
    placed,
    ({ after }) => children.findLast(({ name, namespace }) => namespace === '' && after.includes(name)) ?? children.at(-1) ?? parent,
  );
  return [...groups.values()].map((group) => {
    const xml = group.map(({ tree }) => treeText(declared(tree))).join('\n');
    return insertChild(document, open, xml, group[0]?.after ?? []);
  });
}

/** An element with a prefix says itself what that means: nobody knows whether the definition does. */
function declared(tree: Tree): Tree {
  const namespace = namespaceOfName(tree.name);
  if (namespace === null) return { ...tree, children: tree.children.map(declared) };
  return { ...tree, attributes: { [`xmlns:${namespace.prefix}`]: namespace.uri, ...tree.attributes } };
}

/** In which order libvirt writes what is in an element. It reads them in any, so this is for people. */
const ORDER: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    domain:
      'name uuid genid title description metadata maxMemory memory currentMemory blkiotune memtune memoryBacking vcpu vcpus iothreads ' +
      'iothreadids cputune numatune resource sysinfo bootloader os idmap features cpu clock on_poweroff on_reboot on_crash pm perf devices seclabel',
    os: 'type firmware loader nvram boot bootmenu smbios',
    features: 'acpi apic pae hyperv kvm pvspinlock vmport gic smm ioapic',
    cputune: 'vcpupin emulatorpin iothreadpin vcpusched iothreadsched',
    memoryBacking: 'hugepages nosharepages locked source access allocation discard',
    cpu: 'model vendor topology cache maxphysaddr feature numa',
    devices:
      'emulator disk controller lease filesystem interface smartcard serial parallel console channel input tpm graphics sound audio ' +
      'video hostdev redirdev redirfilter hub watchdog memballoon rng nvram panic shmem memory iommu vsock',
    disk: 'driver auth source backingStore blockio target iotune readonly shareable serial wwn boot encryption alias address',
    interface: 'mac source virtualport target model driver boot rom link alias address',
    hostdev: 'driver source boot rom alias address',
    network: 'name uuid metadata forward bridge mtu mac domain dns ip route',
    dhcp: 'range host bootp',
    pool: 'name uuid capacity allocation available source target',
  }).map(([parent, children]) => [parent, children.split(' ')]),
);

/** What libvirt writes before a child and beside it; empty where that is not known: then it comes last. */
function orderIn(parent: string, child: string): readonly string[] {
  const order = ORDER.get(parent) ?? [];
  return order.slice(0, order.indexOf(child) + 1);
}
