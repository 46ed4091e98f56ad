package io.weft.cli.proxy;

import io.weft.model.resource.Certificate;
import io.weft.model.resource.TrustBundle;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Certificates that the proxy shows, and roots that it trusts; never a key.
 *
 * @param clock tells what is valid
 */
record SecretSection(InstantSource clock) implements Section {

    private static final String CHAIN = "Cert Chain";

    /** A certificate; texts are empty where nobody tells. */
    private record Shown(
            String name,
            String type,
            String serial,
            String notAfter,
            String notBefore,
            String trustDomain) {}

    @Override
    public String kind() {
        return "secret";
    }

    @Override
    public List<String> titles(ProxyPicture picture) {
        List<String> titles =
                new ArrayList<>(
                        List.of(
                                "RESOURCE NAME",
                                "TYPE",
                                "STATUS",
                                "VALID CERT",
                                "SERIAL NUMBER",
                                "NOT AFTER",
                                "NOT BEFORE"));
        if (namesTrustDomains(shown(picture))) {
            titles.add("TRUST DOMAIN");
        }
        return titles;
    }

    private static boolean namesTrustDomains(List<Shown> shown) {
        return shown.stream().anyMatch(each -> !each.trustDomain().isEmpty());
    }

    @Override
    public List<List<String>> rows(ProxyPicture picture) {
        List<Shown> shown = shown(picture);
        boolean named = namesTrustDomains(shown);
        List<List<String>> rows = new ArrayList<>();
        for (Shown each : shown) {
            List<String> row =
                    new ArrayList<>(
                            List.of(
                                    each.name(),
                                    each.type(),
                                    each.serial().isEmpty() ? "WARMING" : "ACTIVE",
                                    Boolean.toString(isValid(each)),
                                    each.serial(),
                                    each.notAfter(),
                                    each.notBefore().isEmpty() ? "-" : each.notBefore()));
            if (named) {
                row.add(each.trustDomain());
            }
            rows.add(row);
        }
        return rows;
    }

    private List<Shown> shown(ProxyPicture picture) {
        List<Shown> all = new ArrayList<>();
        String own = picture.config().map(config -> config.trustDomain()).orElse("");
        if (picture.certs().isObject()) {
            all.add(
                    new Shown(
                            "default",
                            CHAIN,
                            picture.certs().path("serial").asString(""),
                            seconds(picture.certs().path("notAfter").asString("")),
                            seconds(picture.certs().path("notBefore").asString("")),
                            own));
        } else if (picture.workload().isObject()) {
            all.add(
                    new Shown(
                            "default",
                            CHAIN,
                            picture.workload().path("certificate").path("serial").asString(""),
                            seconds(
                                    picture.workload()
                                            .path("certificate")
                                            .path("notAfter")
                                            .asString("")),
                            seconds(
                                    picture.workload()
                                            .path("certificate")
                                            .path("notBefore")
                                            .asString("")),
                            own));
        }
        for (Certificate certificate : picture.all(Certificate.class)) {
            all.addAll(read(certificate.name(), CHAIN, certificate.chainPem(), "", true));
            all.addAll(read(certificate.name(), "CA", certificate.caPem(), "", false));
        }
        for (TrustBundle bundle : picture.all(TrustBundle.class)) {
            all.addAll(read("ROOTCA", "CA", bundle.rootsPem(), bundle.trustDomain(), false));
        }
        return all;
    }

    /** Of a chain only the leaf is its own. */
    private static List<Shown> read(
            String name, String type, String pem, String trustDomain, boolean leafOnly) {
        List<Shown> shown = new ArrayList<>();
        try {
            for (var each :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.US_ASCII)))) {
                if (each instanceof X509Certificate certificate
                        && !(leafOnly && !shown.isEmpty())) {
                    shown.add(
                            new Shown(
                                    name,
                                    type,
                                    certificate.getSerialNumber().toString(16),
                                    certificate.getNotAfter().toInstant().toString(),
                                    certificate.getNotBefore().toInstant().toString(),
                                    trustDomain));
                }
            }
        } catch (CertificateException e) {
            shown.add(new Shown(name, type, "", "", "", trustDomain));
        }
        return shown;
    }

    private boolean isValid(Shown each) {
        Instant now = clock.instant();
        try {
            return !each.notAfter().isEmpty()
                    && now.isBefore(Instant.parse(each.notAfter()))
                    && (each.notBefore().isEmpty()
                            || !now.isBefore(Instant.parse(each.notBefore())));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String seconds(String instant) {
        try {
            return instant.isEmpty()
                    ? ""
                    : Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    @Override
    public Object values(ProxyPicture picture) {
        return shown(picture).stream()
                .map(each -> {
                    Map<String, Object> value = new LinkedHashMap<>();
                    value.put("name", each.name());
                    value.put("type", each.type());
                    value.put("valid", isValid(each));
                    value.put("serialNumber", each.serial());
                    value.put("notAfter", each.notAfter());
                    value.put("notBefore", each.notBefore());
                    value.put("trustDomain", each.trustDomain());
                    return value;
                })
                .toList();
    }
}
