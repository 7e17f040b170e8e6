import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { devicesThatShare, memorySharing } from './shared-memory.ts';

const SHARED = "<memoryBacking><access mode='shared'/></memoryBacking>";
const cells = (...modes: readonly string[]): string =>
  `<cpu><numa>${modes.map((mode) => `<cell memory='1'${mode === '' ? '' : ` memAccess='${mode}'`}/>`).join('')}</numa></cpu>`;

describe(memorySharing.name, () => {
  it.each([
    ['', 'none'],
    ["<memoryBacking><access mode='private'/></memoryBacking>", 'none'],
    [SHARED, 'all'],
    [`${SHARED}${cells('', '')}`, 'all'],
    [`${SHARED}${cells('', 'private')}`, 'some'],
    [cells('shared', 'shared'), 'all'],
    [cells('shared', ''), 'some'],
  ])('of %j is %s', (body, sharing) => {
    expect(memorySharing(aDocument(aDefinition({ body })).root)).toBe(sharing);
  });
});

describe(devicesThatShare.name, () => {
  it.each([
    "<filesystem type='mount'><driver type='virtiofs'/></filesystem>",
    "<interface type='vhostuser'/>",
    "<disk type='vhostuser'/>",
    "<video><driver name='vhostuser'/></video>",
  ])('finds %s', (devices) => {
    expect(devicesThatShare(aDocument(aDefinition({ devices })).root)).toHaveLength(1);
  });

  it.each(["<filesystem type='mount'/>", "<filesystem><driver type='path'/></filesystem>", "<disk type='file'/>"])(
    'leaves out %s',
    (devices) => {
      expect(devicesThatShare(aDocument(aDefinition({ devices })).root)).toEqual([]);
    },
  );
});
