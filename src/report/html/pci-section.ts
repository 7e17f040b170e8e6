import type { HiddenPart } from '../../inventory/model.ts';
import type { Machine } from '../machine.ts';
import type { Report } from '../model.ts';
import { resultAnchors } from './anchors.ts';
import { html, type Html } from './markup.ts';
import { type PciMember, pciMembers, type PciMembers, type PciRole } from './pci-members.ts';
import { pciPicture } from './pci-picture.ts';
import { allRows, isPassed, passedRows } from './pci-rows.ts';
import { pciTable } from './pci-table.ts';
import { type GroupSentence, groupSentences, mapWords, ROLE_LETTERS } from './pci-words.ts';
import type { Section } from './section.ts';

/** The map of the PCI functions and their IOMMU groups: the GPU, what goes with it, and what is in its way. */
export function pciSection(report: Report): Section | null {
  const { machine } = report;
  return machine === undefined ? null : { id: 'pci', title: 'PCI and IOMMU groups', body: mapOf(machine, findingLinks(report)) };
}

/** Where the page tells evidence and fix of a shared group. */
function findingLinks(report: Report): Html | null {
  const anchors = resultAnchors(report);
  const found = report.results.filter(({ id, status }) => GROUP_CHECKS.includes(id) && (status === 'fail' || status === 'error'));
  const links = [...new Map(found.map((result) => [anchors.get(result) ?? '', result]))].slice(0, MOST_SENTENCES);
  if (links.length === 0) return null;
  return html`<p>Evidence and fix: ${links.map(([anchor, { subject, id }], index) => html`${index === 0 ? '' : ', '}<a href="#${anchor}">${subject ?? id}</a>`)}</p>
`;
}

const GROUP_CHECKS: readonly string[] = ['preflight/iommu/group-isolated', 'domain/pci/group-isolated'];

function mapOf(machine: Machine, links: Html | null): Html {
  const { pciDevices, hidden, iommu } = machine.inventory;
  if (pciDevices === null) return html`<p class="unseen">The PCI devices could not be looked at${reasonOf(hidden, 'PCI devices')}.</p>`;
  if (pciDevices.length === 0 && (iommu?.others ?? []).length === 0) return html`<p>This machine has no PCI device.</p>`;
  const members = pciMembers(machine);
  const summary = mapWords(members, iommu?.instances ?? []);
  const found = groupSentences(members);
  const unseen = iommu === null ? reasonOf(hidden, 'IOMMU groups') : '';
  return html`<p${members.isIommuInForce === false ? html` class="sign-no-go"` : null}>${summary}${unseen === '' ? null : html` <span class="unseen">Not looked at${unseen}.</span>`}</p>
${sentences(found)}${links}
${pictures(members, summary, found)}
${pciTable(members.members)}`;
}

function reasonOf(hidden: readonly HiddenPart[], part: string): string {
  const found = hidden.find((one) => one.part === part);
  return found === undefined ? '' : ` (${found.source}: ${found.reason})`;
}

/** More groups than anybody passes. */
const MOST_SENTENCES = 24;

function sentences(found: readonly GroupSentence[]): Html | null {
  if (found.length === 0) return null;
  const items = found
    .slice(0, MOST_SENTENCES)
    .map(({ state, mark, words }) => html`<li><strong class="${state}">${mark}</strong> ${words}.</li>`);
  const more = found.length - items.length;
  return html`<ul class="pci-groups">${items}${more === 0 ? null : html`<li>${more} more groups: see the table.</li>`}</ul>`;
}

function pictures(members: PciMembers, summary: string, found: readonly GroupSentence[]): Html {
  const passed = passedRows(members);
  const description = found
    .slice(0, MOST_SENTENCES)
    .map(({ words }) => `${words}.`)
    .join(' ');
  const heading = members.members.some(({ role, isLikely }) => role === 'gpu' && isLikely)
    ? 'What would go to the VM'
    : 'What goes to the VM';
  const way = pciPicture(passed, 'large', {
    id: 'pci-way',
    title: 'The way to what goes to the VM, with all that shares its IOMMU groups',
    description: `${description} The table of all PCI functions says the same.`,
  });
  const all = pciPicture(allRows(members), 'small', {
    id: 'pci-all',
    title: 'Every PCI function below its bridge, framed by IOMMU group',
    description: `${summary} The table of all PCI functions says the same.`,
  });
  return html`${legend(members)}
${passed.length === 0 ? null : html`<h3>${heading}</h3>\n${scrolling(heading, way)}`}
<h3>The whole machine</h3>
${scrolling('The whole machine', all)}`;
}

function scrolling(label: string, picture: Html): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${label}">${picture}</div>`;
}

const LEGEND: readonly (readonly [PciRole, string])[] = [
  ['gpu', 'GPU'],
  ['function', 'its other functions'],
  ['passed', 'passed through beside it'],
  ['intruder', 'intruder: the host uses it, so the group cannot go'],
  ['untold', 'could not be told'],
  ['unjudged', 'not judged'],
  ['tolerated', 'may stay in the group'],
  ['bridge', 'bridge'],
  ['other', 'anything else'],
];

/** Only what is on this map is explained. */
function legend({ members }: PciMembers): Html {
  const roles = new Set(members.map(({ role }) => role));
  const entries = LEGEND.filter(([role]) => roles.has(role)).map(
    ([role, words]) => html`<li>${square(role, ROLE_LETTERS[role])} ${words}</li>`,
  );
  const boot = members.some(({ isBootDisplay, role }) => isBootDisplay && role === 'other');
  return html`<ul class="pci-legend" aria-label="Signs of the map">${entries}${boot ? html`<li>${square('other', 'D')} boot display</li>` : null}${members.some(({ group }) => group !== null) ? html`<li><span class="pci-swatch" aria-hidden="true"></span> frame: one IOMMU group</li>` : null}</ul>
${terms(members)}`;
}

/** What the words of the map mean; only where there is what they speak of. */
function terms(members: readonly PciMember[]): Html {
  const hasGroups = members.some(({ group }) => group !== null);
  const words = [
    ...TERMS.slice(0, 2),
    ...(hasGroups ? TERMS.slice(2, 3) : []),
    ...(hasGroups && members.some(isPassed) ? TERMS.slice(3) : []),
  ];
  return html`<dl class="pci-terms">${words.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>`;
}

const TERMS: readonly (readonly [string, string])[] = [
  ['Function', 'What a driver is bound to and a VM can be given: a card can have several, as a GPU has one for its sound.'],
  ['Root bus', 'Where a branch of PCI begins at the processor; bridges lead on to the slots.'],
  ['Group', 'What the IOMMU cannot keep apart: all of a group goes to a VM, or none of it.'],
  ['Apart', 'Nothing else that the host uses is in the group of what goes to the VM.'],
];

function square(role: PciRole, letter: string): Html {
  return html`<svg class="pci-map" width="18" height="18" aria-hidden="true"><rect class="square ${role}" x="1" y="1" width="16" height="16" rx="3"/><text x="9" y="13" class="letter ${role}">${letter}</text></svg>`;
}
