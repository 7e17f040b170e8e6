import { nameWords } from '../device-words.ts';
import { html, type Html } from './markup.ts';
import type { PciMember } from './pci-members.ts';
import { roleParts } from './pci-words.ts';

/** Every function and other member of a group, with everything that the picture had to cut. */
export function pciTable(members: readonly PciMember[]): Html {
  return html`<div class="wide tall" tabindex="0" role="region" aria-label="All PCI functions">
<table class="pci-table sortable"><caption>All PCI functions</caption>
<thead><tr><th scope="col">Address</th><th scope="col">Name</th><th scope="col">Class</th><th scope="col">Id</th><th scope="col">Driver</th><th scope="col">Group</th><th scope="col">On the map</th></tr></thead>
<tbody>
${members.map((member) => tableRow(member))}</tbody></table>
</div>`;
}

function tableRow(member: PciMember): Html {
  const { name, device, driver, group, role } = member;
  const cells = device === null ? ['no PCI device', '', ''] : [nameWords(device), device.className, device.id];
  const driverText = seen(driver, member.isDriverUnseen);
  const groupText = seen(group, member.isGroupUnseen);
  const marked = role === 'other' ? html`<tr>` : html`<tr class="${role}">`;
  return html`${marked}<th scope="row">${name}</th><td>${cells[0] ?? ''}</td><td>${cells[1] ?? ''}</td><td>${cells[2] ?? ''}</td><td>${driverText}</td><td>${groupText}</td><td>${roleParts(member).join(', ')}</td></tr>
`;
}

function seen(value: string | null, isUnseen: boolean): string {
  return isUnseen ? 'not seen' : (value ?? 'none');
}
