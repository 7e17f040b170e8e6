import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { applyEdits } from './edit.ts';
import { hasHypervClock, setTimer, timersNamed } from './timers.ts';

const withClock = (clock: string) => aDocument(aDefinition({ body: clock }));
const mended = (clock: string): string => {
  const document = withClock(clock);
  return applyEdits(document.text, [setTimer(document, 'hpet', 'present', 'no')]) ?? '';
};

describe('hasHypervClock', () => {
  // libvirt 9.0 passes hv-time=on to QEMU for the first one only.
  it.each([
    ["<clock offset='utc'><timer name='hypervclock' present='yes'/></clock>", true],
    ["<clock offset='utc'><timer name='hypervclock'/></clock>", false],
    ["<clock offset='utc'><timer name='hypervclock' present='no'/></clock>", false],
    ["<clock><timer name='hpet' present='yes'/></clock><clock><timer name='hypervclock' present='yes'/></clock>", true],
    ['', false],
  ])('%s: %s', (clock, expected) => {
    expect(hasHypervClock(withClock(clock).root)).toBe(expected);
  });
});

describe('setTimer', () => {
  it('changes the last timer of the name', () => {
    expect(mended("<clock offset='utc'><timer name='hpet' present='no'/><timer name='hpet' present='yes'/></clock>")).toContain(
      "<timer name='hpet' present='no'/><timer name='hpet' present='no'/>",
    );
  });

  it('adds the attribute', () => {
    expect(mended('<clock offset="utc"><timer name="hpet"/></clock>')).toContain('<timer name="hpet" present="no"/>');
  });

  it('adds the timer', () => {
    expect(mended("<clock offset='localtime'>\n    <timer name='rtc'/>\n  </clock>")).toContain(
      "<timer name='rtc'/>\n    <timer name='hpet' present='no'/>\n  </clock>",
    );
  });

  it('adds a clock that says what libvirt does without one', () => {
    const text = mended('<os><type>hvm</type></os>');
    expect(text).toContain("</os>\n  <clock offset='utc'>\n    <timer name='hpet' present='no'/>\n  </clock>\n  <devices>");
    expect(timersNamed(aDocument(text).root, 'hpet')).toHaveLength(1);
  });
});
