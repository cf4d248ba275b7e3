import * as asn1js from 'asn1js';
import forge from 'node-forge';
import * as pkijs from 'pkijs';
import type { Identity } from './certificate-maker.node.ts';

/** Writes a `.p12`: RSA by node-forge, EC (which node-forge cannot) by pkijs. Both are AES-256 with SHA-256 or better. */
export function writePkcs12(identity: Identity, password: string, friendlyName: string): Promise<Uint8Array> {
  return identity.algorithm === 'RS256'
    ? Promise.resolve(writeRsaPkcs12(identity, password, friendlyName))
    : writeEcPkcs12(identity, password, friendlyName);
}

function writeRsaPkcs12(identity: Identity, password: string, friendlyName: string): Uint8Array {
  const key = forge.pki.privateKeyFromAsn1(forge.asn1.fromDer(Buffer.from(identity.pkcs8).toString('binary')));
  const chain = identity.chain.map((der) =>
    forge.pki.certificateFromAsn1(forge.asn1.fromDer(Buffer.from(der).toString('binary'))),
  );
  const pfx = forge.pkcs12.toPkcs12Asn1(key, chain, password, {
    algorithm: 'aes256',
    count: 10_000,
    friendlyName,
    generateLocalKeyId: true,
  });
  return Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'binary');
}

const encryption = {
  // The type demands a vector; pkijs draws its own random one each time and ignores this.
  contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: new Uint8Array(16) },
  hmacHashAlgorithm: 'SHA-256',
  iterationCount: 10_000,
};

// RFC 7292: the key in a shrouded bag, the certificates in an encrypted safe, the whole under a MAC.
async function writeEcPkcs12(identity: Identity, password: string, friendlyName: string): Promise<Uint8Array> {
  const secret = new TextEncoder().encode(password).buffer;
  const keyId = new asn1js.OctetString({ valueHex: Uint8Array.of(1) });
  const keyBag = new pkijs.PKCS8ShroudedKeyBag({ parsedValue: pkijs.PrivateKeyInfo.fromBER(identity.pkcs8) });
  await keyBag.makeInternalValues({ password: secret, ...encryption });
  // pkijs writes it in pieces (BER), which readers of DER refuse.
  if (keyBag.encryptedData === undefined) throw new Error('nothing was encrypted');
  keyBag.encryptedData = new asn1js.OctetString({ valueHex: keyBag.encryptedData.getValue() });
  const keys = new pkijs.SafeContents({
    safeBags: [
      new pkijs.SafeBag({
        bagId: '1.2.840.113549.1.12.10.1.2',
        bagValue: keyBag,
        bagAttributes: bagAttributes(keyId, friendlyName),
      }),
    ],
  });
  const certificates = new pkijs.SafeContents({
    safeBags: identity.chain.map(
      (der, index) =>
        new pkijs.SafeBag({
          bagId: '1.2.840.113549.1.12.10.1.3',
          bagValue: new pkijs.CertBag({ parsedValue: pkijs.Certificate.fromBER(der) }),
          ...(index === 0 && { bagAttributes: bagAttributes(keyId, friendlyName) }),
        }),
    ),
  });
  const authenticatedSafe = new pkijs.AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        { privacyMode: 0, value: keys },
        { privacyMode: 1, value: certificates },
      ],
    },
  });
  await authenticatedSafe.makeInternalValues({ safeContents: [{}, { password: secret, ...encryption }] });
  const pfx = new pkijs.PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } });
  await pfx.makeInternalValues({
    password: secret,
    iterations: 10_000,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  });
  return new Uint8Array(pfx.toSchema().toBER());
}

function bagAttributes(keyId: asn1js.OctetString, friendlyName: string): pkijs.Attribute[] {
  return [
    new pkijs.Attribute({ type: '1.2.840.113549.1.9.20', values: [new asn1js.BmpString({ value: friendlyName })] }),
    new pkijs.Attribute({ type: '1.2.840.113549.1.9.21', values: [keyId] }),
  ];
}
