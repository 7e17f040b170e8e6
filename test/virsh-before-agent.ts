import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The VM that it has. */
const LAB1 = {
  name: 'lab1',
  uuid: '11111111-2222-4333-8444-555555555555',
};

const XML = `<domain type='kvm'><name>${LAB1.name}</name><uuid>${LAB1.uuid}</uuid><memory unit='KiB'>1048576</memory><vcpu>1</vcpu><os><type>hvm</type></os><devices><channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices></domain>`;

/** Answers as virsh does: one running VM, its agent behind a socket, a lease and a neighbour. */
const PROGRAM = `#!${process.execPath}
const { connect } = require('node:net');
const { existsSync } = require('node:fs');
const words = process.argv.slice(5);
const text = words.join(' ');
const socket = process.env.TEST_AGENT_SOCKET;
const state = process.env.TEST_VM_STATE || 'running';
const complain = (line) => { process.stderr.write('error: ' + line + '\\n'); process.exit(1); };
if (text === 'list --all --uuid') process.stdout.write('${LAB1.uuid}\\n\\n');
else if (text.startsWith('echo =')) process.stdout.write('=${LAB1.uuid}=' + state + '\\n\\n' + ${JSON.stringify(XML)} + '\\n');
else if (words[0] === 'domifaddr') {
  const lease = ' vnet0      52:54:00:aa:bb:cc    ipv4         192.0.2.7/24\\n\\n';
  const arp = ' vnet0      52:54:00:aa:bb:cc    ipv4         127.0.0.1/0\\n\\n';
  process.stdout.write(process.env.TEST_NO_ADDRESS ? '' : words[3] === 'lease' ? lease : arp);
} else if (words[0] === 'qemu-agent-command') {
  if (!socket || !existsSync(socket)) complain('Guest agent is not responding: QEMU guest agent is not connected');
  const name = JSON.parse(words[4]).execute;
  const link = connect(socket, () => link.write(words[4] + '\\n'));
  let answer = '';
  link.on('data', (bytes) => {
    answer += bytes.toString('latin1');
    if (!answer.endsWith('\\n')) return;
    link.destroy();
    const error = JSON.parse(answer).error;
    if (error) complain("internal error: unable to execute QEMU agent command '" + name + "': " + error.desc);
    process.stdout.write(Buffer.from(answer + '\\n', 'latin1'));
  });
} else complain('unknown: ' + text);
`;

/** Writes a program called virsh, and gives its folder for the PATH. */
export function makeVirsh(folder: string): string {
  const place = join(folder, 'with-virsh');
  mkdirSync(place);
  writeFileSync(join(place, 'virsh'), PROGRAM);
  chmodSync(join(place, 'virsh'), 0o755);
  return place;
}
