import { shownName } from '../device-words.ts';
import { html, type Html } from './markup.ts';
import { MACHINE_ANCHORS } from './part-anchors.ts';
import type { PciMember, PciRole } from './pci-members.ts';
import { roleParts } from './pci-words.ts';

/** A table with more rows scrolls in a box of its own. */
const MOST_WHOLE = 60;

/** Every function and other member of a group, what goes to the VM first, with everything that the picture had to cut. */
export function pciTable(members: readonly PciMember[]): Html {
  return html`<details class="looked"><summary>All PCI functions <span class="count">${members.length}</span></summary>
<div class="wide${members.length > MOST_WHOLE ? ' tall' : ''}" id="${MACHINE_ANCHORS.groups}" tabindex="0" role="region" aria-label="All PCI functions">
<table class="pci-table sortable" aria-label="All PCI functions">
<thead><tr><th scope="col">Address</th><th scope="col">Name</th><th scope="col">Class</th><th scope="col">Id</th><th scope="col">Driver</th><th scope="col">Group</th><th scope="col">On the map</th></tr></thead>
<tbody>
${mostTellingFirst(members).map((member) => tableRow(member))}</tbody></table>
</div></details>`;
}

const FIRST: readonly PciRole[] = ['gpu', 'function', 'passed', 'intruder', 'untold', 'unjudged'];

/** What the verdict is about stands first; else the order of the list. */
function mostTellingFirst(members: readonly PciMember[]): readonly PciMember[] {
  return members.toSorted((a, b) => weightOf(a) - weightOf(b));
}

function weightOf({ role }: PciMember): number {
  return FIRST.includes(role) ? FIRST.indexOf(role) : FIRST.length;
}

function tableRow(member: PciMember): Html {
  const { name, device, driver, group, role } = member;
  const cells = device === null ? ['no PCI device', '', ''] : [shownName(device), device.className, device.id];
  const driverText = seen(driver, member.isDriverUnseen);
  const groupText = seen(group, member.isGroupUnseen);
  const marked = role === 'other' ? html`<tr>` : html`<tr class="${role}">`;
  return html`${marked}<th scope="row">${name}</th><td>${cells[0] ?? ''}</td><td>${cells[1] ?? ''}</td><td>${cells[2] ?? ''}</td><td>${driverText}</td><td>${groupText}</td><td>${roleParts(member).join(', ')}</td></tr>
`;
}

function seen(value: string | null, isUnseen: boolean): string {
  return isUnseen ? 'not seen' : (value ?? 'none');
}
