package io.pptpoperator.operator.pki;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.resource.Labels;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the operator's certificates in a Secret of its own namespace. */
public final class PkiStore {

    /** The Secret's name. */
    public static final String SECRET = "pptp-operator-pki";

    private static final Duration FRESH = Duration.ofHours(1);
    private static final int ATTEMPTS = 5;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final ObjectKey key;
    private final Clock clock;
    private final SecureRandom random;
    private OperatorPki pki;
    private Instant checked = Instant.MIN;

    /**
     * A store in a namespace.
     *
     * @param namespace the operator's own
     */
    public PkiStore(KubernetesClient client, String namespace, Clock clock, SecureRandom random) {
        this.client = client;
        key = new ObjectKey(namespace, SECRET);
        this.clock = clock;
        this.random = random;
    }

    /**
     * The operator's certificates: read, and made or renewed where necessary, at first and then every hour.
     *
     * @throws KubernetesClientException when the Secret can be neither read nor written
     */
    public synchronized OperatorPki current() {
        Instant now = clock.instant();
        if (pki == null || checked.plus(FRESH).isBefore(now)) {
            pki = load(now);
            checked = now;
        }
        return pki;
    }

    private OperatorPki load(Instant now) {
        for (int attempt = 1;; attempt++) {
            Secret secret = client.secrets().inNamespace(key.namespace()).withName(key.name()).get();
            Map<String, String> files = secret == null ? Map.of() : decode(secret);
            OperatorPki next = OperatorPki.of(files, now, random);
            if (next.files().equals(files)) {
                return next;
            }
            try {
                store(secret, next);
                return next;
            } catch (KubernetesClientException e) {
                // Another process of the operator was faster: take what it wrote.
                if (e.getCode() != CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void store(Secret current, OperatorPki next) {
        if (current == null) {
            client.resource(
                    new SecretBuilder().withNewMetadata().withName(key.name()).withNamespace(key.namespace())
                            .withLabels(Labels.common()).endMetadata().withType("Opaque")
                            .withData(encode(next.files())).build())
                    .create();
        } else {
            client.resource(new SecretBuilder(current).withData(encode(next.files())).build()).update();
        }
    }

    private static Map<String, String> encode(Map<String, String> files) {
        var data = new TreeMap<String, String>();
        files.forEach((name, text) -> data.put(name,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        return data;
    }

    /** The texts of a Secret, by their keys. */
    public static Map<String, String> decode(Secret secret) {
        var files = new TreeMap<String, String>();
        if (secret.getData() != null) {
            secret.getData().forEach((name, encoded) -> files.put(name,
                    new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)));
        }
        return files;
    }
}
