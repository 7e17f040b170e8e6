import type { DomainDocument } from '../../../src/domain/document.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

const YES_NO = ['yes', 'no'];
const ANY: readonly string[] = [];
const TICK_POLICIES = ['delay', 'catchup', 'merge', 'discard'];

/** What each timer of an x86 guest may say, as libvirt 9.0 reads it; `qemuValidateDomainDefClockTimers` restricts the RTC and the PIT. */
const ACCEPTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  rtc: { present: YES_NO, tickpolicy: ['delay', 'catchup'], track: ['guest', 'wall', 'realtime'] },
  pit: { present: YES_NO, tickpolicy: ['delay', 'catchup', 'discard'] },
  hpet: { present: YES_NO, tickpolicy: TICK_POLICIES },
  tsc: { present: YES_NO, tickpolicy: TICK_POLICIES, mode: ['auto', 'native', 'emulate', 'paravirt', 'smpsafe'], frequency: ANY },
  kvmclock: { present: YES_NO },
  hypervclock: { present: YES_NO },
};

export default defineDomainRule({
  id: 'domain/hyperv/timer-values',
  title: 'libvirt accepts the timers of the clock',
  severity: 'blocker',
  why: 'libvirt refuses the whole definition.',
  sources: ['https://libvirt.org/formatdomain.html#time-keeping'],
  evaluate(document) {
    return all(document.root, 'clock', 'timer').flatMap((timer) => {
      const found = outcomesOf(document, timer);
      return found.length === 0 ? [passAt(document, timer)] : found;
    });
  },
});

/** What belongs to some timers only; older libvirt lets it pass elsewhere, 9.0 does not. */
const OPTIONS = ['tickpolicy', 'track', 'mode', 'frequency'];

function outcomesOf(document: DomainDocument, timer: XmlElement): readonly Outcome[] {
  const name = attribute(timer, 'name') ?? '';
  const accepted = Object.hasOwn(ACCEPTED, name) ? ACCEPTED[name] : undefined;
  if (accepted === undefined) {
    const remedy = xmlRemedy(document, `Remove the timer, or name one of ${Object.keys(ACCEPTED).join(', ')}`);
    return [failAt(document, timer, `libvirt has no timer '${name.slice(0, 40)}' for this guest`, { remedy })];
  }
  return ['present', ...OPTIONS].flatMap((key) => {
    const value = attribute(timer, key);
    const values = accepted[key];
    if (value === null || values?.includes(value) === true || values === ANY) return [];
    const spot = { element: timer, attribute: key };
    if (values === undefined) {
      const remedy = xmlRemedy(document, `Remove ${key} from the timer ${name}`);
      return [failAt(document, spot, `libvirt accepts no ${key} for the timer ${name}`, { remedy, severity: 'major' })];
    }
    const finding = { expected: values.join(', '), remedy: xmlRemedy(document, `Write one of ${values.join(', ')}`) };
    return [failAt(document, spot, `libvirt accepts no ${key}='${value.slice(0, 40)}' for the timer ${name}`, finding)];
  });
}
