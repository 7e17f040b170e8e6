import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass, passWith } from '../../../src/engine/outcome.ts';
import { perGpu } from '../../../src/engine/per-gpu.ts';
import { type CardLink, cardLink } from '../../../src/facts/card-link.ts';

export default defineCheck({
  id: 'preflight/gpu/link',
  title: 'The GPU uses every PCI Express lane that it has',
  severity: 'minor',
  needs: ['passthrough', 'pciDevices'],
  wants: ['pciConfig', 'board'],
  why: 'A link with fewer lanes costs bandwidth in the guest and is mostly a wrong slot, a shared one, or a bad contact.',
  sources: ['https://docs.kernel.org/admin-guide/abi-testing.html', 'https://looking-glass.io/docs/B7/requirements/'],
  evaluate: ({ passthrough, pciDevices, pciConfig, board }) => {
    const isSoldered = board.ok && NOTEBOOKS.has(board.value.chassisType ?? 0);
    return perGpu(passthrough, (_gpu, device) => judge(cardLink(pciDevices, device, pciConfig.ok ? pciConfig.value : null), isSoldered));
  },
});

/** Chassis types of SMBIOS for what is carried: portable, laptop, notebook, sub-notebook, tablet, convertible, detachable. */
const NOTEBOOKS: ReadonlySet<number> = new Set([8, 9, 10, 14, 30, 31, 32]);

function judge({ address, link, slot }: CardLink, isSoldered: boolean): Outcome {
  const folder = `/sys/bus/pci/devices/${address}`;
  if (link === null || slot === null) return notApplicable('it has no PCI Express link to a slot');
  const { currentWidth, maxWidth } = link;
  if (currentWidth === null || maxWidth === null) {
    return couldNotLook(`${folder}/current_link_width`, 'the link is down or the card sleeps', 'Look again while the card is awake');
  }
  const width: Evidence = { source: `${folder}/current_link_width`, observed: `${currentWidth}`, expected: `${maxWidth}` };
  if (currentWidth >= maxWidth) return full(folder, { address, link, slot }, { source: width.source, observed: width.observed });
  if (isSoldered) return passWith(`${currentWidth} of ${maxWidth} lanes, which the maker of a notebook decides`, width);
  const offered = slot.link?.maxWidth ?? null;
  const slotWidth: Evidence = { source: `/sys/bus/pci/devices/${slot.address}/max_link_width`, observed: `${offered ?? 'unknown'}` };
  if (offered !== null && currentWidth >= offered) {
    return fail(`its slot has ${offered} lanes, the card ${maxWidth}`, {
      evidence: [width, slotWidth],
      remedy: { summary: 'Move the card to a slot with more lanes; on many boards an M.2 drive takes lanes away from a slot' },
    });
  }
  return fail(`the link runs on ${currentWidth} of ${maxWidth} lanes`, {
    evidence: [width, slotWidth],
    remedy: {
      summary: 'Reseat the card, look at its contacts and riser, and at the bifurcation of the slot in the firmware setup',
      steps: [{ run: `lspci -vv -s ${address} | grep Lnk` }],
    },
  });
}

/** Cards slow the link down while they are idle, so a low speed is only told. */
function full(folder: string, { link, slot }: CardLink, width: Evidence): Outcome {
  const { currentSpeed, maxSpeed } = link ?? { currentSpeed: null, maxSpeed: null };
  if (currentSpeed === null || maxSpeed === null) return pass(width);
  const speed: Evidence = { source: `${folder}/current_link_speed`, observed: `${currentSpeed} GT/s` };
  const offered = slot?.link?.maxSpeed ?? maxSpeed;
  if (currentSpeed < Math.min(maxSpeed, offered)) {
    return passWith(`${currentSpeed} of ${Math.min(maxSpeed, offered)} GT/s, as an idle card does`, width, speed);
  }
  return offered < maxSpeed
    ? passWith(`the slot is slower than the card: ${offered} of ${maxSpeed} GT/s`, width, speed)
    : pass(width, speed);
}
