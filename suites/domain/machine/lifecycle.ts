import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { first, textAt } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome, Severity } from '../../../src/engine/outcome.ts';

type Event = 'on_poweroff' | 'on_reboot' | 'on_crash';

/** What libvirt takes where nothing is written, and what a VM with a GPU wants. */
const DEFAULTS: Readonly<Record<Event, string>> = { on_poweroff: 'destroy', on_reboot: 'restart', on_crash: 'destroy' };
const KNOWN: Readonly<Record<Event, readonly string[]>> = {
  on_poweroff: ['destroy', 'restart'],
  on_reboot: ['destroy', 'restart'],
  on_crash: ['destroy', 'restart', 'preserve', 'coredump-destroy', 'coredump-restart'],
};

export default defineDomainRule({
  id: 'domain/machine/lifecycle',
  title: 'The VM ends when it is shut down or crashes, and starts again when it reboots',
  severity: 'minor',
  why: 'Windows reboots during setup and updates. A guest that cannot be shut down, or that starts again and again after a crash, keeps the GPU from the host.',
  sources: [
    'https://libvirt.org/formatdomain.html#events-configuration',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const written = (Object.keys(DEFAULTS) as Event[]).filter((event) => first(document.root, event) !== undefined);
    if (written.length === 0) return passWithout(document, 'libvirt’s defaults');
    return judgePair(document) ?? written.map((event) => judgeEvent(document, event));
  },
});

function judgePair(document: DomainDocument): Outcome | null {
  if (actionOf(document, 'on_poweroff') !== 'restart' || actionOf(document, 'on_reboot') !== 'destroy') return null;
  const message = 'restart on shutdown and destroy on reboot: libvirt refuses both together';
  return failFor(document, 'on_poweroff', message, 'blocker');
}

function judgeEvent(document: DomainDocument, event: Event): Outcome {
  const action = actionOf(document, event);
  const spot = first(document.root, event) ?? document.root;
  if (!KNOWN[event].includes(action)) return failFor(document, event, `libvirt refuses "${action.slice(0, 40)}" for ${event}`, 'blocker');
  if (action === DEFAULTS[event]) return passAt(document, spot);
  if (event === 'on_poweroff') return failFor(document, event, 'the guest starts again when it is shut down', 'major');
  if (event === 'on_reboot') return failFor(document, event, 'the VM stays off when the guest reboots, as setup and updates do', 'minor');
  const message = crash(document, action);
  return message === null ? passAt(document, spot) : failFor(document, event, message, 'minor');
}

/** Only a device <panic> lets libvirt see that a guest crashed. */
function crash(document: DomainDocument, action: string): string | null {
  const isSeen = first(document.root, 'devices', 'panic') !== undefined;
  if (!isSeen || passesDeviceThrough(document) !== null) return null;
  if (action.endsWith('restart')) return 'the VM starts again after each crash, with a GPU that may not have been reset';
  return action === 'preserve' ? 'the VM keeps the GPU and its memory after a crash' : null;
}

function failFor(document: DomainDocument, event: Event, message: string, severity: Severity): Outcome {
  const expected = `<${event}>${DEFAULTS[event]}</${event}>`;
  return failAt(document, first(document.root, event) ?? document.root, message, {
    severity,
    expected,
    // Not an edit: each of these can be meant, as destroy on reboot is for a GPU that does not reset.
    remedy: xmlRemedy(document, `Write ${DEFAULTS[event]}, unless the other is meant`, { inside: '<domain>', write: expected }),
  });
}

function actionOf({ root }: DomainDocument, event: Event): string {
  return textAt(root, event) ?? DEFAULTS[event];
}
