package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.status.StatusQueue;
import io.pptpoperator.operator.status.WriteBudget;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Generates passwords for VpnUsers that bring none, and notices when a user's time is over. Everything else about a user
 * is decided where its servers are reconciled.
 */
@ControllerConfiguration(name = VpnUserReconciler.NAME)
public final class VpnUserReconciler implements Reconciler<VpnUser> {

    /** The controller's name, in metrics and logs. */
    public static final String NAME = "vpnuser";

    private static final int ALREADY_EXISTS = 409;
    /** The clock of whoever evaluates validUntil may be a moment behind. */
    private static final Duration AFTER_EXPIRY = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Caches caches;
    private final StatusQueue statuses;
    private final WriteBudget budget;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;
    private final SecureRandom random;

    VpnUserReconciler(KubernetesClient client, Caches caches, StatusQueue statuses, WriteBudget budget,
            EventRecorder events, Wakeups wakeups, Clock clock, SecureRandom random) {
        this.client = client;
        this.caches = caches;
        this.statuses = statuses;
        this.budget = budget;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<EventSource<?, VpnUser>> prepareEventSources(EventSourceContext<VpnUser> context) {
        return List.of(wakeups.users());
    }

    @Override
    @SuppressWarnings("try") // is there to be closed
    public UpdateControl<VpnUser> reconcile(VpnUser user, Context<VpnUser> context)
            throws InterruptedException {
        try (var logged = new LogContext("VpnUser", ObjectKey.of(user))) {
            return reconcile(user);
        }
    }

    private UpdateControl<VpnUser> reconcile(VpnUser user)
            throws InterruptedException {
        if (user.getMetadata().getDeletionTimestamp() != null) {
            return UpdateControl.noUpdate();
        }
        if (GeneratedPassword.isWanted(user) && GeneratedPassword.isPossible(user)) {
            generatePassword(user);
        }
        statuses.offer(VpnUser.class, ObjectKey.of(user));
        UpdateControl<VpnUser> done = UpdateControl.noUpdate();
        return timeLeft(user).map(left -> done.rescheduleAfter(left.plus(AFTER_EXPIRY))).orElse(done);
    }

    private Optional<Duration> timeLeft(VpnUser user) {
        Instant until = user.getSpec().validUntil();
        return until == null || !until.isAfter(clock.instant())
                ? Optional.empty()
                : Optional.of(Duration.between(clock.instant(), until));
    }

    private void generatePassword(VpnUser user) throws InterruptedException {
        var key = new ObjectKey(user.getMetadata().getNamespace(), GeneratedPassword.secretName(user));
        Optional<Secret> existing = caches.secrets().get(key);
        if (existing.isPresent()) {
            keepUsername(user, existing.get());
            return;
        }
        budget.take();
        try {
            client.resource(GeneratedPassword.secret(user, random)).create();
            events.record(user, EventReason.PasswordGenerated,
                    "generated a password into Secret " + key.name());
        } catch (KubernetesClientException e) {
            // The cache was behind: the Secret is there already.
            if (e.getCode() != ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /** The Secret says the username too, for whoever hands it on; the password stays. */
    private void keepUsername(VpnUser user, Secret secret) throws InterruptedException {
        boolean own = secret.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(user.getMetadata().getUid()));
        Map<String, String> files = PkiStore.decode(secret);
        if (own && !user.username().equals(files.get("username"))) {
            budget.take();
            String patch = client.getKubernetesSerialization()
                    .asJson(Map.of("stringData", Map.of("username", user.username())));
            client.resource(secret).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        }
    }
}
