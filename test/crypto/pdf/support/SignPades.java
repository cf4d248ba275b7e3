import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Hashtable;
import java.util.List;
import java.util.TimeZone;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Signs a PDF as other people's programs do: PDFBox writes the revision, BouncyCastle the CMS.
 * Arguments: the PDF, how often, key (PKCS#8), chain (PEM). Writes the signed file to the output.
 */
public class SignPades {
  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    byte[] key = Files.readAllBytes(Path.of(args[2]));
    PrivateKey privateKey = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
    List<X509Certificate> chain = new ArrayList<>();
    byte[] pem = Files.readAllBytes(Path.of(args[3]));
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (var certificate : factory.generateCertificates(new ByteArrayInputStream(pem))) {
      chain.add((X509Certificate) certificate);
    }
    byte[] file = Files.readAllBytes(Path.of(args[0]));
    for (int count = Integer.parseInt(args[1]); count > 0; count--) file = signOnce(file, privateKey, chain);
    System.out.write(file);
  }

  private static byte[] signOnce(byte[] file, PrivateKey key, List<X509Certificate> chain) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PDDocument document = PDDocument.load(file)) {
      PDSignature signature = new PDSignature();
      signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
      signature.setSubFilter(PDSignature.SUBFILTER_ETSI_CADES_DETACHED);
      signature.setSignDate(Calendar.getInstance(TimeZone.getTimeZone("UTC")));
      SignatureOptions options = new SignatureOptions();
      options.setPreferredSignatureSize(16384);
      document.addSignature(signature, content -> sign(content, key, chain), options);
      document.saveIncremental(out);
    }
    return out.toByteArray();
  }

  private static byte[] sign(InputStream content, PrivateKey key, List<X509Certificate> chain) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(chain.get(0).getEncoded());
      var binding = new SigningCertificateV2(new ESSCertIDv2[] {new ESSCertIDv2(null, hash)});
      var oid = new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.2.47");
      Hashtable<ASN1ObjectIdentifier, Attribute> attributes = new Hashtable<>();
      attributes.put(oid, new Attribute(oid, new DERSet(binding)));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      var builder = new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
      builder.setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)));
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(builder.build(signer, chain.get(0)));
      generator.addCertificates(new JcaCertStore(chain));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      content.transferTo(bytes);
      return generator.generate(new CMSProcessableByteArray(bytes.toByteArray()), false).getEncoded("DER");
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }
}
