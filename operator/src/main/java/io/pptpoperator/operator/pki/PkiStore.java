package io.pptpoperator.operator.pki;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.SecretTexts;
import io.pptpoperator.operator.resource.Labels;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the operator's certificates in a Secret of its own namespace, and in another one the certificate that people
 * who look after VPNs show to data planes: whoever may read that one need not see the authority's key.
 */
public final class PkiStore {

    /** Name of the operator's own Secret. */
    public static final String SECRET = "pptp-operator-pki";
    /** Name of the people's Secret: {@code tls.crt}, {@code tls.key} and {@code ca.crt}. */
    public static final String PEOPLES_SECRET = "pptp-operator-admin-client";

    private static final Logger LOG = LoggerFactory.getLogger(PkiStore.class);

    private static final Duration FRESH = Duration.ofHours(1);
    private static final int ATTEMPTS = 5;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final Clock clock;
    private final SecureRandom random;
    private final Runnable authorityChanged;
    private OperatorPki pki;
    private Instant checked = Instant.MIN;

    /**
     * A store in a namespace.
     *
     * @param namespace the operator's own
     * @param authorityChanged called when other authorities are trusted than before: what data planes trust has to
     *     follow, or they turn the operator away
     */
    public PkiStore(KubernetesClient client, String namespace, Clock clock, SecureRandom random,
            Runnable authorityChanged) {
        this.client = client;
        this.namespace = namespace;
        this.clock = clock;
        this.random = random;
        this.authorityChanged = authorityChanged;
    }

    /**
     * The operator's certificates: read, and made or renewed where necessary, at first and then every hour.
     *
     * @throws KubernetesClientException when the Secret can be neither read nor written
     */
    public OperatorPki current() {
        OperatorPki before;
        OperatorPki now;
        synchronized (this) {
            before = pki;
            refresh(clock.instant());
            now = pki;
        }
        if (before != null && !before.trusted().equals(now.trusted())) {
            LOG.info("The authorities that are trusted have changed: the data planes learn of it");
            authorityChanged.run();
        }
        return now;
    }

    private void refresh(Instant now) {
        if (pki == null || checked.plus(FRESH).isBefore(now)) {
            pki = load(now);
            checked = now;
        }
    }

    private OperatorPki load(Instant now) {
        OperatorPki loaded = keep(SECRET, "Opaque", files -> OperatorPki.of(files, now, random), OperatorPki::files);
        try {
            keep(PEOPLES_SECRET, "kubernetes.io/tls", files -> people(loaded, files, now), files -> files);
        } catch (KubernetesClientException e) {
            // Nothing that serves clients depends on it.
            LOG.warn("Secret {} of namespace {} cannot be kept: {}", PEOPLES_SECRET, namespace, ApiErrors.sentence(e));
        }
        return loaded;
    }

    private Map<String, String> people(OperatorPki loaded, Map<String, String> files, Instant now) {
        Identity identity = loaded.people(
                new Identity(files.getOrDefault("tls.crt", ""), files.getOrDefault("tls.key", "")), now, random);
        return Map.of("tls.crt", identity.certificate(), "tls.key", identity.key(), "ca.crt", loaded.trusted());
    }

    /** Reads a Secret, and writes it when it does not hold what it should. */
    private <T> T keep(String name, String type, Function<Map<String, String>, T> renew,
            Function<T, Map<String, String>> content) {
        for (int attempt = 1;; attempt++) {
            Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
            Map<String, String> files = secret == null ? Map.of() : SecretTexts.of(secret);
            T next = renew.apply(files);
            if (content.apply(next).equals(files)) {
                return next;
            }
            try {
                store(secret, name, type, content.apply(next));
                return next;
            } catch (KubernetesClientException e) {
                // Another process of the operator was faster: take what it wrote.
                if (e.getCode() != CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void store(Secret current, String name, String type, Map<String, String> files) {
        if (current == null) {
            client.resource(new SecretBuilder().withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .withLabels(Labels.common())
                    .endMetadata()
                    .withType(type)
                    .withData(encode(files))
                    .build()).create();
        } else {
            client.resource(new SecretBuilder(current).withData(encode(files)).build()).update();
        }
    }

    private static Map<String, String> encode(Map<String, String> files) {
        var data = new TreeMap<String, String>();
        files.forEach((name, text) -> data.put(name,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        return data;
    }
}
