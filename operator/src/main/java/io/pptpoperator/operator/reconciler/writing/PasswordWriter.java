package io.pptpoperator.operator.reconciler.writing;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.SecretTexts;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.status.WriteBudget;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates passwords, one after the other as the budget for writes allows. It has a thread of its own: thousands of
 * new users must not keep reconcilers, and with them somebody's revocation, waiting.
 */
public final class PasswordWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordWriter.class);
    private static final int ALREADY_EXISTS = 409;
    private static final Duration LATER = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final Caches caches;
    private final WriteBudget budget;
    private final EventRecorder events;
    private final SecureRandom random;
    private final Set<ObjectKey> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("password-writer").factory());
    private volatile boolean started;

    /** Writes with a client, within a budget. */
    public PasswordWriter(KubernetesClient client, Caches caches, WriteBudget budget, EventRecorder events,
            SecureRandom random) {
        this.client = client;
        this.caches = caches;
        this.budget = budget;
        this.events = events;
        this.random = random;
    }

    /** Starts writing. What was offered until then is forgotten: whoever starts looks at everything anyway. */
    public void start() {
        started = true;
    }

    /**
     * Has a user's password generated, when it is to have one and does not have it yet. What fails is tried again, as
     * long as there is the user.
     */
    public void offer(VpnUser user) {
        ObjectKey key = ObjectKey.of(user);
        if (started && isWanted(user) && waiting.add(key)) {
            thread.execute(() -> writeInContext(key));
        }
    }

    private static boolean isWanted(VpnUser user) {
        return !user.isBeingDeleted() && GeneratedPassword.isWanted(user) && GeneratedPassword.isPossible(user);
    }

    @SuppressWarnings("try") // is there to be closed
    private void writeInContext(ObjectKey key) {
        waiting.remove(key);
        try (var logged = new LogContext("VpnUser", key)) {
            Optional<VpnUser> user = caches.users().get(key).filter(PasswordWriter::isWanted);
            if (user.isPresent()) {
                write(user.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The password of VpnUser {} could not be written, and will be tried again: {}", key,
                    ApiErrors.sentence(e));
            offerLater(key);
        }
    }

    private void offerLater(ObjectKey key) {
        thread.schedule(() -> caches.users().get(key).ifPresent(this::offer), LATER.toSeconds(), TimeUnit.SECONDS);
    }

    private void write(VpnUser user) throws InterruptedException {
        Optional<Secret> existing = caches.secrets().get(secret(user));
        if (existing.isPresent()) {
            keepKnown(user, existing.get());
            return;
        }
        budget.take();
        try {
            client.resource(GeneratedPassword.secret(user, random)).create();
            if (GeneratedPassword.wasThere(user)) {
                events.record(user, EventReason.PasswordReplaced, "Secret " + GeneratedPassword.secretName(user)
                        + " was gone: generated another password into it; the former one works no more");
            } else {
                events.record(user, EventReason.PasswordGenerated,
                        "generated a password into Secret " + GeneratedPassword.secretName(user));
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != ALREADY_EXISTS) {
                throw e;
            }
            // The cache was behind; or the Secret is somebody else's, and nobody tells when it is gone.
            offerLater(ObjectKey.of(user));
        }
    }

    /** Where a user's generated password is. */
    public static ObjectKey secret(VpnUser user) {
        return new ObjectKey(user.getMetadata().getNamespace(), GeneratedPassword.secretName(user));
    }

    /**
     * The Secret says the username too, for whoever hands it on, and has the mark, which those of earlier releases
     * lack; the password stays.
     */
    private void keepKnown(VpnUser user, Secret secret) throws InterruptedException {
        boolean own = secret.getMetadata()
                .getOwnerReferences()
                .stream()
                .anyMatch(owner -> owner.getUid().equals(user.getMetadata().getUid()));
        Map<String, String> files = SecretTexts.of(secret);
        if (own && !(user.username().equals(files.get("username"))
                && PasswordMark.isIn(secret.getMetadata().getLabels()))) {
            budget.take();
            String patch = client.getKubernetesSerialization()
                    .asJson(Map.of("metadata",
                            Map.of("uid", secret.getMetadata().getUid(), "labels",
                                    Map.of(PasswordMark.LABEL, PasswordMark.VALUE)),
                            "stringData", Map.of("username", user.username())));
            client.resource(secret).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
