/**
 * A number of an attribute as libvirt's `virXMLPropUInt` reads it, in base 10: blanks, a plus sign and zeros may stand before it;
 * null when libvirt refuses it. https://gitlab.com/libvirt/libvirt/-/blob/master/src/util/virxml.c
 */
export function wholeNumber(text: string | null): number | null {
  const digits = /^[ \t\r\n\f\v]{0,64}\+?0{0,64}(\d{1,10})$/.exec(text ?? '')?.[1];
  const value = Number(digits ?? Number.NaN);
  return value <= 0xffff_ffff ? value : null;
}
