import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Makes a certificate for 127.0.0.1. In production every upstream is https, so it is here too. */
export async function makeCertificate(folder) {
  const subject = [{ name: 'commonName', value: '127.0.0.1' }];
  const extensions = [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ];
  const { cert, private: key } = await generate(subject, { keyType: 'ec', algorithm: 'sha256', extensions });
  const file = join(folder, 'certificate.pem');
  writeFileSync(file, cert);
  return { cert, key, file };
}
