import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

/** The system that runs in a domain, as far as the definition tells. */
export interface Guest {
  readonly os: 'windows' | 'linux' | 'macos' | 'other' | 'unknown';
  /** Of Windows: `11`, `10`, `8`, `7`, `xp`, `2022` …; null when it is not said. */
  readonly version: string | null;
  /** What says so, for people: `libosinfo: http://microsoft.com/win/11`. */
  readonly because: string;
}

/**
 * Which system the guest is, by what is said first: the libosinfo id that virt-install and virt-manager write, the name
 * and title, and devices or features that only one system uses.
 */
export function guestOf(domain: XmlElement): Guest {
  return fromOsinfo(domain) ?? fromName(domain) ?? fromFeatures(domain) ?? { os: 'unknown', version: null, because: 'nothing says it' };
}

const LIBOSINFO = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

function fromOsinfo(domain: XmlElement): Guest | null {
  const libosinfo = first(domain, 'metadata')?.children.find(({ namespace }) => namespace === LIBOSINFO);
  const id = attribute(
    libosinfo?.children.find(({ name }) => name === 'os'),
    'id',
  );
  if (id === null) return null;
  const because = `libosinfo: ${id.slice(0, 120)}`;
  const windows = /^https?:\/\/microsoft\.com\/win\/(\w{1,12})/.exec(id)?.[1];
  if (windows !== undefined) return { os: 'windows', version: windowsVersion(windows), because };
  if (/\/\/apple\.com\//.test(id)) return { os: 'macos', version: null, because };
  return { os: LINUX.test(id) ? 'linux' : 'other', version: null, because };
}

const LINUX =
  /linux|ubuntu|debian|fedora|centos|redhat|rhel|suse|arch|gentoo|mint|nixos|manjaro|popos|pop-os|almalinux|rocky|alpine|cirros|bazzite|steamos/i;

/** libosinfo's short ids: `11`, `10`, `2k22`, `2k12r2`. https://gitlab.com/libosinfo/osinfo-db */
function windowsVersion(word: string): string {
  return word
    .toLowerCase()
    .replace(/^2k(\d)(?=r|$)/, '200$1')
    .replace(/^2k(\d\d)/, '20$1');
}

function fromName(domain: XmlElement): Guest | null {
  for (const element of ['name', 'title']) {
    const text = textAt(domain, element) ?? '';
    const because = `<${element}>${text.slice(0, 80)}</${element}>`;
    const windows = /(?:^|[^a-z])win(?:dows)?[-_ .]*(11|10|8\.1|8|7|xp|(?:server[-_ .]*)?20\d\d)?(?![a-z])/i.exec(text);
    if (windows !== null) return { os: 'windows', version: windows[1]?.replace(/^server[-_ .]*/i, '').toLowerCase() ?? null, because };
    if (/mac[-_ ]?os|\bosx\b|hackintosh/i.test(text)) return { os: 'macos', version: null, because };
    if (LINUX.test(text)) return { os: 'linux', version: null, because };
  }
  return null;
}

/** macOS needs Apple's SMC; enlightenments, the hypervclock and drivers for Windows are of no use to another guest. */
function fromFeatures(domain: XmlElement): Guest | null {
  if (/isa-applesmc/.test(argumentsText(domain))) return { os: 'macos', version: null, because: 'isa-applesmc on the QEMU command line' };
  const clocks = all(domain, 'clock', 'timer').some((timer) => attribute(timer, 'name') === 'hypervclock');
  if (first(domain, 'features', 'hyperv') !== undefined || clocks)
    return { os: 'windows', version: null, because: 'Hyper-V enlightenments' };
  const media = all(domain, 'devices', 'disk')
    .map((disk) => attribute(first(disk, 'source'), 'file') ?? '')
    .find((file) => /virtio-win|win(?:dows)?[-_ ]?(?:10|11)[^/]*\.iso/i.test(file));
  return media === undefined ? null : { os: 'windows', version: null, because: media.slice(-80) };
}

function argumentsText(domain: XmlElement): string {
  return domain.children
    .filter(({ name, namespace }) => name === 'commandline' && namespace !== '')
    .flatMap(({ children }) => children.map((argument) => attribute(argument, 'value') ?? ''))
    .join(' ');
}

/** What {@link namedGuest} knows, for people. */
export const GUEST_CHOICES =
  'win11, win10, win8.1, win8, win7, vista, winxp, win2025 (2022, 2019, 2016, 2012r2, 2012, 2008r2, 2008, 2003), windows, linux, macos, other';

const WINDOWS_VERSIONS: ReadonlySet<string> = new Set(
  '11 10 8.1 8 7 vista xp 2025 2022 2019 2016 2012r2 2012 2008r2 2008 2003r2 2003'.split(' '),
);

/** What a user says of the guest: `win11`, `Windows 11`, `server2022`, `windows`, `linux`, `macos`, `other`; null for another word. */
export function namedGuest(name: string): Guest | null {
  const because = `--guest ${name}`;
  const word = name.toLowerCase().replaceAll(/[\s_-]/g, '');
  const version = /^(?:win(?:dows)?)?(?:server)?(\S{1,12})$/.exec(word)?.[1];
  const isSaid = version !== undefined && (version !== word || version === 'vista' || version === 'xp');
  if (isSaid && WINDOWS_VERSIONS.has(version)) return { os: 'windows', version, because };
  if (word === 'windows' || word === 'win') return { os: 'windows', version: null, because };
  if (word === 'linux' || word === 'macos' || word === 'other') return { os: word, version: null, because };
  return null;
}
