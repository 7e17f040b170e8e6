// AMD GPUs that a bus reset leaves unusable until the host is rebooted, unless the module vendor-reset resets them.

const POLARIS_10 = '67c0 67c1 67c2 67c4 67c7 67c8 67c9 67ca 67cc 67cf 67d0 67df 6fdf';
const POLARIS_11 = '67e0 67e1 67e3 67e7 67e8 67e9 67eb 67ef 67ff';
const POLARIS_12 = '6980 6981 6985 6986 6987 6995 6997 699f';
const VEGA_10 = '6860 6861 6862 6863 6864 6867 6868 6869 686a 686b 686c 686d 686e 686f 687f';
const VEGA_20 = '66a0 66a1 66a2 66a3 66a4 66a7 66af 738c';
const NAVI_10 = '7310 7312 7318 7319 731a 731b 731e 731f';
const NAVI_12 = '7360 7362';
const NAVI_14 = '7340 7341 7347 734f';
const INTEGRATED = '15bf 15dd 15de 15e7 1636 1638 164c';

/** Device ids as the vendor-reset project knows them; its newest family, Navi 23, is left out: those cards mostly reset well. */
const FAMILIES = new Map(
  Object.entries({
    'Polaris 10': POLARIS_10,
    'Polaris 11': POLARIS_11,
    'Polaris 12': POLARIS_12,
    'Vega 10': VEGA_10,
    'Vega 20': VEGA_20,
    'Navi 10': NAVI_10,
    'Navi 12': NAVI_12,
    'Navi 14': NAVI_14,
    'integrated Radeon': INTEGRATED,
  }).flatMap(([family, ids]) => ids.split(' ').map((id): [string, string] => [id, family])),
);

/**
 * The family of a GPU that is known not to come back from an ordinary reset; null for all others.
 * https://github.com/gnif/vendor-reset (src/device-db.h, 03e525d)
 */
export function resetBugFamily({ vendor, device }: { readonly vendor: string; readonly device: string }): string | null {
  return vendor === '1002' ? (FAMILIES.get(device) ?? null) : null;
}
