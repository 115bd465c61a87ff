package io.pptpoperator.operator.pki;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The certificates that guard the data planes' administration ports: an authority of the operator's own, its client
 * certificate, and a certificate per server. Everything is renewed when two thirds of its life are over; an authority
 * that was replaced stays trusted until it expires, so that nothing breaks in between.
 *
 * @param authority the authority that issues
 * @param client what the operator shows to data planes
 * @param trusted PEM of all authorities that are trusted, the issuing one first
 */
public record OperatorPki(Identity authority, Identity client, String trusted) {

    private static final String CA_CERTIFICATE = "ca.crt";
    private static final String CA_KEY = "ca.key";
    private static final String CLIENT_CERTIFICATE = "client.crt";
    private static final String CLIENT_KEY = "client.key";

    /**
     * What the operator's Secret holds, with everything made or renewed that is missing, unreadable or due.
     *
     * @param files the Secret's texts by key; none at first
     */
    public static OperatorPki of(Map<String, String> files, Instant now, SecureRandom random) {
        var issuer = new Issuer(random);
        List<X509Certificate> trusted = authorities(files.getOrDefault(CA_CERTIFICATE, ""), now);
        var authority = new Identity(trusted.isEmpty() ? "" : pem(trusted.subList(0, 1)),
                files.getOrDefault(CA_KEY, ""));
        if (authority.isDue(now)) {
            authority = issuer.authority("pptp-operator CA " + now.getEpochSecond(), now);
            var all = new ArrayList<>(List.of(authority.parsed().orElseThrow()));
            all.addAll(trusted);
            trusted = all;
        }
        var client = new Identity(files.getOrDefault(CLIENT_CERTIFICATE, ""), files.getOrDefault(CLIENT_KEY, ""));
        return new OperatorPki(authority, client(authority, client, "pptp-operator", now, issuer), pem(trusted));
    }

    private static Identity client(Identity authority, Identity current, String name, Instant now, Issuer issuer) {
        boolean good = !current.isDue(now) && current.isIssuedBy(authority.parsed().orElseThrow());
        return good ? current : issuer.client(authority, name, now);
    }

    /**
     * What people show to data planes: the certificate that they have, or a new one when that is due or was issued by
     * an authority that was replaced.
     *
     * @param current what they have; empty texts when nothing
     */
    Identity people(Identity current, Instant now, SecureRandom random) {
        return client(authority, current, "pptp-operator-people", now, new Issuer(random));
    }

    private static List<X509Certificate> authorities(String pem, Instant now) {
        try {
            return Pem.certificates(pem).stream().filter(it -> it.getNotAfter().toInstant().isAfter(now)).toList();
        } catch (GeneralSecurityException e) {
            return List.of();
        }
    }

    private static String pem(List<X509Certificate> certificates) {
        return certificates.stream().map(it -> {
            try {
                return Pem.of("CERTIFICATE", it.getEncoded());
            } catch (GeneralSecurityException e) {
                throw new AssertionError("what was decoded can be encoded", e);
            }
        }).collect(Collectors.joining());
    }

    /** What the operator's Secret shall hold. */
    public Map<String, String> files() {
        return Map.of(CA_CERTIFICATE, trusted, CA_KEY, authority.key(), CLIENT_CERTIFICATE, client.certificate(),
                CLIENT_KEY, client.key());
    }

    /**
     * The certificate of one server's pods: the one they have, or a new one when that is due, was issued by an
     * authority that was replaced, or is made out to somebody else.
     *
     * @param current what they have; empty texts when nothing
     * @param host what the certificate is made out to
     */
    public Identity server(Identity current, String host, Instant now, SecureRandom random) {
        boolean good = !current.isDue(now) && current.isIssuedBy(authority.parsed().orElseThrow())
                && current.parsed().filter(it -> AdminTrust.isMadeOutTo(it, host)).isPresent();
        return good ? current : new Issuer(random).server(authority, host, now);
    }

    @Override
    public String toString() {
        return "OperatorPki[hidden]";
    }
}
