import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * A verifier of PAdES that shares nothing with ours: PDFBox reads the file, BouncyCastle the signatures.
 * Arguments: trusted roots (PEM), the PDFs. One line per signature, words in order; whatever is wrong throws.
 */
public class CheckPades {
  static Set<TrustAnchor> anchors = new HashSet<>();

  public static void main(String[] arguments) throws Exception {
    try (var roots = Files.newInputStream(Path.of(arguments[0]))) {
      for (var root : CertificateFactory.getInstance("X.509").generateCertificates(roots))
        anchors.add(new TrustAnchor((X509Certificate) root, null));
    }
    Security.addProvider(new BouncyCastleProvider());
    for (String name : List.of(arguments).subList(1, arguments.length)) {
      byte[] file = Files.readAllBytes(Path.of(name));
      try (PDDocument document = PDDocument.load(file)) {
        for (PDSignature signature : document.getSignatureDictionaries())
          System.out.println(name + " " + check(file, signature));
      }
    }
  }

  static String check(byte[] file, PDSignature signature) throws Exception {
    int[] range = signature.getByteRange();
    List<String> words = new ArrayList<>(List.of(signature.getSubFilter()));
    words.add(range[2] + range[3] == file.length ? "whole" : "revision");
    byte[] contents = signature.getContents(file), signed = signature.getSignedContent(file);
    // Behind the value there are zeros, which no reader of CMS expects.
    byte[] value = new ASN1InputStream(new ByteArrayInputStream(contents)).readObject().getEncoded("DER");
    Date time;
    if (signature.getSubFilter().equals("ETSI.RFC3161")) {
      time = checkToken(new TimeStampToken(new CMSSignedData(value)), signed);
      words.add("imprint");
    } else {
      CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(signed), value);
      SignerInformation signer = cms.getSignerInfos().iterator().next();
      X509CertificateHolder leaf = leafOf(cms, signer);
      if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(leaf))) throw new Exception("signature");
      words.add("signature");
      Attribute ess = signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
      byte[] hash = SigningCertificateV2.getInstance(ess.getAttributeValues()[0]).getCerts()[0].getCertHash();
      if (!MessageDigest.isEqual(hash, sha256(leaf.getEncoded()))) throw new Exception("ess");
      words.add("ess");
      time = signature.getSignDate().getTime();
      var unsigned = signer.getUnsignedAttributes();
      Attribute stamp = unsigned == null ? null : unsigned.get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
      if (stamp != null) {
        var token = new CMSSignedData(stamp.getAttributeValues()[0].toASN1Primitive().getEncoded("DER"));
        time = checkToken(new TimeStampToken(token), signer.getSignature());
        words.add("stamp");
      }
      checkPath(cms, leaf, time);
    }
    words.add("path");
    return String.join(" ", words);
  }

  static Date checkToken(TimeStampToken token, byte[] stamped) throws Exception {
    if (!MessageDigest.isEqual(token.getTimeStampInfo().getMessageImprintDigest(), sha256(stamped)))
      throw new Exception("imprint");
    CMSSignedData cms = token.toCMSSignedData();
    X509CertificateHolder leaf = leafOf(cms, cms.getSignerInfos().iterator().next());
    token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(leaf));
    checkPath(cms, leaf, token.getTimeStampInfo().getGenTime());
    return token.getTimeStampInfo().getGenTime();
  }

  @SuppressWarnings("unchecked")
  static X509CertificateHolder leafOf(CMSSignedData cms, SignerInformation signer) {
    return (X509CertificateHolder) cms.getCertificates().getMatches(signer.getSID()).iterator().next();
  }

  static void checkPath(CMSSignedData cms, X509CertificateHolder leaf, Date at) throws Exception {
    List<X509Certificate> all = new ArrayList<>();
    for (Object one : cms.getCertificates().getMatches(null))
      all.add(new JcaX509CertificateConverter().getCertificate((X509CertificateHolder) one));
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(new JcaX509CertificateConverter().getCertificate(leaf));
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(at);
    CertPathBuilder.getInstance("PKIX").build(parameters);
  }

  static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
