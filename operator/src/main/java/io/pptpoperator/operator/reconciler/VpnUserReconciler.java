package io.pptpoperator.operator.reconciler;

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
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.status.StatusQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Has passwords generated for VpnUsers that bring none, and notices when a user's time is over. Everything else about a
 * user is decided where its servers are reconciled.
 */
@ControllerConfiguration(name = VpnUserReconciler.NAME)
public final class VpnUserReconciler implements Reconciler<VpnUser> {

    /** The controller's name, in metrics and logs. */
    public static final String NAME = "vpnuser";

    /** The clock of whoever evaluates validUntil may be a moment behind. */
    private static final Duration AFTER_EXPIRY = Duration.ofSeconds(1);
    /** A password that is not there by then is asked for again. */
    private static final Duration WITHOUT_PASSWORD = Duration.ofSeconds(30);

    private final Caches caches;
    private final StatusQueue statuses;
    private final PasswordWriter passwords;
    private final Wakeups wakeups;
    private final Clock clock;

    VpnUserReconciler(Caches caches, StatusQueue statuses, PasswordWriter passwords, Wakeups wakeups,
            Clock clock) {
        this.caches = caches;
        this.statuses = statuses;
        this.passwords = passwords;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, VpnUser>> prepareEventSources(EventSourceContext<VpnUser> context) {
        return List.of(wakeups.users());
    }

    @Override
    @SuppressWarnings("try") // is there to be closed
    public UpdateControl<VpnUser> reconcile(VpnUser user, Context<VpnUser> context) {
        try (var logged = new LogContext("VpnUser", ObjectKey.of(user))) {
            return reconcile(user);
        }
    }

    private UpdateControl<VpnUser> reconcile(VpnUser user) {
        if (user.getMetadata().getDeletionTimestamp() != null) {
            return UpdateControl.noUpdate();
        }
        Optional<Duration> forPassword = Optional.empty();
        if (GeneratedPassword.isWanted(user) && GeneratedPassword.isPossible(user)) {
            passwords.offer(user);
            forPassword = Optional.of(WITHOUT_PASSWORD)
                    .filter(it -> caches.secrets().get(PasswordWriter.secret(user)).isEmpty());
        }
        statuses.offer(VpnUser.class, ObjectKey.of(user));
        UpdateControl<VpnUser> done = UpdateControl.noUpdate();
        return Stream.concat(forPassword.stream(), timeLeft(user).stream()).min(Duration::compareTo)
                .map(done::rescheduleAfter).orElse(done);
    }

    private Optional<Duration> timeLeft(VpnUser user) {
        Instant until = user.getSpec().validUntil();
        return until == null || !until.isAfter(clock.instant())
                ? Optional.empty()
                : Optional.of(Duration.between(clock.instant(), until).plus(AFTER_EXPIRY));
    }
}
