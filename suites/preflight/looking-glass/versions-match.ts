import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import type { LookingGlassClient } from '../../../src/facts/looking-glass-client.ts';
import { isDevice } from '../../../src/facts/looking-glass.ts';
import { parseRelease, type Release, releaseName, releaseOfProtocol } from '../../../src/looking-glass/release.ts';
import type { SharedHeader } from '../../../src/looking-glass/shared-header.ts';
import { notUsed } from '../looking-glass-memory.ts';

export default defineCheck({
  id: 'preflight/looking-glass/versions-match',
  title: 'The Looking Glass client is of the same release as the application in the guest',
  severity: 'minor',
  needs: ['lookingGlass', 'lookingGlassClient'],
  why: 'The client refuses to show a guest whose application is of another release.',
  sources: ['https://looking-glass.io/downloads'],
  evaluate({ lookingGlass, lookingGlassClient: client }) {
    if (lookingGlass.length === 0) return notUsed();
    if (client.state === 'unreadable') return couldNotLook('looking-glass-client', client.detail, 'look at its first line of output');
    if (client.state === 'absent') return notApplicable('looking-glass-client is in none of the usual folders');
    const { version, path } = client.value;
    if (version === null) return notApplicable(`${path} belongs to no package, and only its window tells its version`);
    if (version.release === null) return notApplicable(`the version ${version.text} of ${path} names no release`);
    const files = lookingGlass.filter(({ stat }) => stat.state === 'ok' && stat.value.kind === 'file');
    const hidden = files.find(({ header }) => header.state === 'unreadable');
    const written = files.flatMap(({ path: file, header }) => (header.state === 'ok' ? [{ path: file, header: header.value }] : []))[0];
    if (written !== undefined) return compare(client.value, version.release, written);
    if (hidden?.header.state === 'unreadable') return couldNotLook(hidden.path, hidden.header.detail, 'run passcheck as root');
    return notApplicable(
      lookingGlass.some(({ path: file }) => isDevice(file))
        ? 'a kvmfr device cannot be read, so only the running client sees the version of the guest'
        : 'the application in the guest has not written to the shared memory since the host was started',
    );
  },
});

function compare(
  { path, version }: LookingGlassClient,
  client: Release,
  { path: file, header }: { path: string; header: SharedHeader },
): Outcome {
  const guest = parseRelease(header.version ?? '') ?? releaseOfProtocol(header.lgmp);
  const text = header.version ?? `LGMP ${header.lgmp}`;
  if (guest === null) return notApplicable(`the guest’s application (${text}) is of a release before B5`);
  const evidence = { source: file, observed: `${text}, LGMP ${header.lgmp}` };
  const own = { source: version?.source ?? path, observed: version?.text ?? releaseName(client) };
  if (guest.number === client.number && guest.isTagged === client.isTagged) return pass(own, evidence);
  return fail(`the client is ${releaseName(client)}, the application in the guest is ${releaseName(guest)}`, {
    evidence: [own, { ...evidence, expected: releaseName(client) }],
    remedy: {
      summary: `Install ${releaseName(client)} in the guest, or the client of ${releaseName(guest)} here (https://looking-glass.io/downloads)`,
    },
  });
}
