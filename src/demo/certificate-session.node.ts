import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { webCryptoSigner } from '../crypto/signer.ts';
import { loginText } from '../identity/rules.ts';
import { parsePkcs12 } from '../records/pkcs12.ts';
import { type HttpBrowser, openHttpBrowser } from './http-browser.ts';

const challengeShape = z.object({ id: z.string(), challenge: z.string() });

/** Logs a person in as the web page does it: the key of the `.p12` signs the challenge here and never leaves. RSA only. */
export async function logInWithCertificate(
  origin: string,
  file: { readonly path: string; readonly password: string },
): Promise<HttpBrowser> {
  const opened = parsePkcs12(new Uint8Array(await readFile(file.path)), file.password);
  if (!opened.ok) throw new Error(`${file.path} does not open: ${opened.fault}`);
  const signer = await webCryptoSigner(opened.value.privateKey, [], 'RS256');
  const browser = openHttpBrowser(origin);
  const issued = await browser.json('POST', '/api/login/challenges', { purpose: 'login' });
  const { id: challengeId, challenge } = challengeShape.parse(issued.body);
  const signature = await signer.sign(loginText({ origin, purpose: 'login', challengeId, challenge }));
  const answer = await browser.json('POST', '/api/login/certificate', {
    challengeId,
    certificates: opened.value.chain.map((der) => Buffer.from(der).toString('base64')),
    signature: Buffer.from(signature).toString('base64'),
  });
  if (answer.status !== 200) throw new Error(`the log-in by certificate ended with ${answer.status}`);
  return browser;
}
