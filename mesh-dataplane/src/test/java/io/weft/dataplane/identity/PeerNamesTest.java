package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

/** Certificates as an attacker would have them signed, whatever the authority does not look at. */
class PeerNamesTest {

    private static final SpiffeId ID = new SpiffeId("cluster.local", "blog", "api");
    private static final SpiffeId OTHER = new SpiffeId("cluster.local", "blog", "admin");
    private static final int ROUNDS = Integer.getInteger("weft.fuzz.names", 20_000);

    private static final byte[] URI = uri(ID.uri());
    private static final byte[] OTHER_URI = uri(OTHER.uri());
    private static final byte[] DNS = name(0x82, "api.blog");
    private static final byte[] MAIL = name(0x81, "ann@example.com");
    private static final byte[] ADDRESS = Der.value(0x87, new byte[] {10, 0, 0, 1});
    private static final byte[] OTHER_NAME =
            Der.value(0xa0, Der.oid("1.2.3.4"), Der.value(0xa0, Der.octets(OTHER_URI)));
    private static final byte[] DIRECTORY =
            Der.value(0xa4, new X500Principal("CN=" + OTHER.uri().replace("=", "")).getEncoded());

    private static byte[] name(int tag, String text) {
        return Der.value(tag, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] uri(String text) {
        return name(0x86, text);
    }

    private static X509Certificate leaf(byte[]... extensions) throws CertificateException {
        byte[][] all = Arrays.copyOf(extensions, extensions.length + 1);
        all[extensions.length] =
                Certificates.extension("2.5.29.15", true, Der.bits(7, (byte) 0x80));
        return PeerNames.certificate(all);
    }

    private static void assertIs(SpiffeId id, byte[]... names) throws Exception {
        byte[] all = Der.sequence(names);
        assertThat(SvidRules.identityOf(leaf(PeerNames.extension(all)))).isEqualTo(id);
        assertThat(PeerNames.readersAgree(all)).contains(id);
    }

    private static void assertRefused(String what, byte[] names) {
        assertThat(PeerNames.readersAgree(names)).as(what).isEmpty();
        assertThatThrownBy(() -> SvidRules.identityOf(leaf(PeerNames.extension(names))))
                .as(what)
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void whateverStandsBesideItTheOneUriIsTheIdentity() throws Exception {
        assertIs(ID, URI);
        assertIs(ID, DNS, URI, ADDRESS);
        assertIs(ID, OTHER_NAME, URI, MAIL);
        assertIs(ID, DIRECTORY, URI);
        assertIs(ID, URI, name(0x82, OTHER.uri()), name(0x82, "a\0b"), name(0x88, "\u002a\u0003"));
    }

    @Test
    void aSecondUriIsFoundInWhateverForm() {
        assertRefused("two", Der.sequence(URI, OTHER_URI));
        assertRefused("the same twice", Der.sequence(URI, URI));
        byte[] constructed = Der.value(0xa6, Der.value(0x16, OTHER.uri().getBytes()));
        assertRefused("in pieces", Der.sequence(URI, constructed));
        assertRefused("in pieces alone", Der.sequence(constructed));
        assertRefused("as a plain text", Der.sequence(URI, name(0x16, OTHER.uri())));
        assertRefused("of another class", Der.sequence(URI, name(0x46, OTHER.uri())));
        assertRefused("of a form that does not exist", Der.sequence(URI, name(0x89, "x")));
        assertRefused("with a high tag", Der.sequence(URI, new byte[] {(byte) 0x9f, 6, 0}));
        assertRefused("nested", Der.sequence(Der.sequence(URI)));
        assertRefused("as a set", Der.setOf(URI));
    }

    @Test
    void bytesThatAreNotDistinguishedAreNoNames() {
        byte[] good = Der.sequence(URI);
        assertRefused("nothing", new byte[0]);
        assertRefused("no names", Der.sequence());
        assertRefused("an empty URI", Der.sequence(uri("")));
        assertRefused("one byte more", Arrays.copyOf(good, good.length + 1));
        assertRefused("another value behind", join(good, Der.sequence(OTHER_URI)));
        for (int length = 0; length < good.length; length++) {
            assertRefused("cut at " + length, Arrays.copyOf(good, length));
        }
        byte[] text = ID.uri().getBytes(StandardCharsets.US_ASCII);
        byte[] longForm = join(new byte[] {(byte) 0x86, (byte) 0x81, (byte) text.length}, text);
        assertRefused("a length in its long form", Der.sequence(longForm));
        byte[] indefinite = join(new byte[] {0x30, (byte) 0x80}, join(URI, new byte[2]));
        assertRefused("a length that is open", indefinite);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void namesAreTheirBytesAndNothingElse() {
        for (String text :
                List.of(
                        ID.uri() + "\0",
                        ID.uri() + "\0.evil.example",
                        "\0" + ID.uri(),
                        ID.uri().replace("api", "ap\u00ec"),
                        ID.uri().replace("api", "ap\u00c3\u00ad"),
                        ID.uri().replace("/", "\uff0f"),
                        ID.uri().replace("blog", "b%6cog"),
                        ID.uri() + "/",
                        ID.uri() + "#x",
                        ID.uri() + "?x",
                        " " + ID.uri(),
                        ID.uri() + "\n",
                        ID.uri().replace("spiffe", "SPIFFE"),
                        ID.uri().replace("cluster", "Cluster"),
                        ID.uri().replace("//", "//user@"),
                        ID.uri().replace("local", "local:443"),
                        ID.uri().replace("/ns/", "/ns/../ns/"))) {
            assertRefused(text, Der.sequence(uri(text)));
        }
        byte[] utf16 = Der.value(0x86, ID.uri().getBytes(StandardCharsets.UTF_16BE));
        assertRefused("two bytes a letter", Der.sequence(utf16));
    }

    @Test
    void extensionsThatOccurTwiceOrInAnyOrderDoNotMatter() throws Exception {
        byte[] mine = PeerNames.extension(Der.sequence(URI));
        byte[] theirs = PeerNames.extension(Der.sequence(OTHER_URI));
        byte[] issuers = Certificates.extension("2.5.29.18", false, Der.sequence(OTHER_URI));
        assertThatThrownBy(() -> SvidRules.identityOf(leaf(mine, theirs)))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> SvidRules.identityOf(leaf(theirs, issuers, mine)))
                .isInstanceOf(CertificateException.class);
        assertThat(SvidRules.identityOf(leaf(issuers, mine))).isEqualTo(ID);
        assertThat(SvidRules.identityOf(leaf(mine, issuers))).isEqualTo(ID);
        assertThatThrownBy(() -> SvidRules.identityOf(leaf(issuers)))
                .hasMessageContaining("0 URI SANs");
    }

    @Test
    void constraintsThatNobodyCanReadAreNotTakenForNone() throws Exception {
        byte[] mine = PeerNames.extension(Der.sequence(URI));
        String constraints = Certificates.BASIC_CONSTRAINTS;
        byte[] no = {0x01, 0x01, 0x00};
        byte[] almostYes = {0x01, 0x01, 0x01};
        byte[] tooLong = {0x01, 0x02, 0x00, 0x01};
        assertThat(
                        SvidRules.identityOf(
                                leaf(
                                        mine,
                                        Certificates.extension(
                                                constraints, false, Der.sequence(no)))))
                .isEqualTo(ID);
        for (byte[] odd :
                List.of(
                        Der.sequence(Der.yes()),
                        Der.sequence(almostYes),
                        Der.sequence(tooLong),
                        Der.sequence(no, Der.integer(java.math.BigInteger.TEN)),
                        Der.sequence(Der.integer(java.math.BigInteger.TEN)),
                        Der.yes(),
                        new byte[0],
                        new byte[] {0x30, 0x05, 0x01})) {
            assertThatThrownBy(() ->
                            SvidRules.identityOf(
                                    leaf(mine, Certificates.extension(constraints, false, odd))))
                    .as("%s", Arrays.toString(odd))
                    .isInstanceOf(CertificateException.class);
        }
    }

    @Test
    void aRealSignatureDoesNotChangeWhatIsRead() throws Exception {
        Instant now = Instant.now();
        KeyPair keys = Keys.generate();
        Certificates.Issuer issuer =
                new Certificates.Issuer(
                        new X500Principal("O=weft"),
                        keys,
                        now.minusSeconds(5),
                        now.plusSeconds(60));
        X509Certificate two =
                issuer.issue(
                        new X500Principal("O=weft"),
                        Keys.generate().getPublic(),
                        Certificates.extension("2.5.29.15", true, Der.bits(7, (byte) 0x80)),
                        PeerNames.extension(
                                Der.sequence(URI, Der.value(0xa6, name(0x16, OTHER.uri())))));
        two.verify(keys.getPublic());
        assertThatThrownBy(() -> SvidRules.identityOf(two))
                .isInstanceOf(CertificateException.class);
    }

    /**
     * Names of all forms in any order, then changed at random: who is accepted is who others see.
     */
    @Test
    void threeReadersNeverSeeDifferentIdentities() {
        Random random = new Random(Long.getLong("weft.fuzz.seed", 2026));
        List<byte[]> forms =
                List.of(URI, OTHER_URI, DNS, MAIL, ADDRESS, OTHER_NAME, DIRECTORY, uri("x"));
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> names = new ArrayList<>(List.of(URI));
            for (int i = random.nextInt(4); i > 0; i--) {
                names.add(forms.get(random.nextInt(forms.size())));
            }
            Collections.shuffle(names, random);
            byte[] text = Der.sequence(names.toArray(byte[][]::new));
            for (int i = random.nextInt(3); i > 0; i--) {
                text = changed(text, random);
            }
            accepted += PeerNames.readersAgree(text).isPresent() ? 1 : 0;
        }
        assertThat(accepted).as("both occur").isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    private static byte[] changed(byte[] text, Random random) {
        int at = random.nextInt(text.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                byte[] flipped = text.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 1 -> {
                byte[] set = text.clone();
                set[at] = (byte) random.nextInt(256);
                yield set;
            }
            case 2 -> join(Arrays.copyOf(text, at), Arrays.copyOfRange(text, at + 1, text.length));
            default ->
                    join(
                            join(Arrays.copyOf(text, at), new byte[] {(byte) random.nextInt(256)}),
                            Arrays.copyOfRange(text, at, text.length));
        };
    }
}
