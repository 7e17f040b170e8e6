import { all, attribute, DomainXmlError, parseXml } from '../../domain/xml.ts';
import type { Step } from '../plan/model.ts';
import { virshCalls, type VirshWords } from './steps.ts';

const KEEP_TPM = '--keep-tpm';

/**
 * What to call in place of an `undefine` that virsh did not know an option of: libvirt can be told to keep a TPM since 8.9, and keeps one
 * by itself where the definition says so (`persistent_state`, since 7.0). Null: there is nothing else, and the TPM would be lost.
 */
export function olderUndefine(step: Step, complaint: string): VirshWords | null {
  if (step.do !== 'undefine-domain' || !complaint.includes(`doesn't support option ${KEEP_TPM}`) || losesTpm(step.replaces)) return null;
  const [words = []] = virshCalls(step, '');
  return words.filter((word) => word !== KEEP_TPM);
}

function losesTpm(xml: string): boolean {
  try {
    const backends = all(parseXml(xml), 'devices', 'tpm', 'backend');
    return backends.some((backend) => attribute(backend, 'type') === 'emulator' && attribute(backend, 'persistent_state') !== 'yes');
  } catch (error) {
    if (error instanceof DomainXmlError) return true;
    throw error;
  }
}
