package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.ConfigurationTooLargeException;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.ServerFacts.Failure;
import io.pptpoperator.operator.status.ServerFacts.Failure.Reason;
import io.pptpoperator.operator.status.StatusQueue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the objects of PptpServers. Statuses are written elsewhere, from what is found here: see {@link ServerStatusWriter}.
 */
@ControllerConfiguration(name = PptpServerReconciler.NAME)
public final class PptpServerReconciler implements Reconciler<PptpServer> {

    /** The controller's name, in metrics and logs. */
    public static final String NAME = "pptpserver";

    private static final Logger LOG = LoggerFactory.getLogger(PptpServerReconciler.class);
    /** A kubelet that did not look when it was nudged is nudged again. */
    private static final Duration WHILE_APPLYING = Duration.ofSeconds(5);
    /** Addresses are on their way from one pod to another, or something is waited for. */
    private static final Duration WHILE_DIVIDING = Duration.ofSeconds(5);
    /** Nothing tells the operator that a pod was refused. */
    private static final Duration WHILE_WITHOUT_PODS = Duration.ofSeconds(5);
    private static final Duration RETRY_REFUSED = Duration.ofSeconds(30);

    private final ServerReconciliation reconciliation;
    private final ServerStates states;
    private final StatusQueue statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;

    PptpServerReconciler(ServerReconciliation reconciliation, ServerStates states, StatusQueue statuses,
            EventRecorder events, Wakeups wakeups) {
        this.reconciliation = reconciliation;
        this.states = states;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
    }

    @Override
    public List<EventSource<?, PptpServer>> prepareEventSources(EventSourceContext<PptpServer> context) {
        return List.of(wakeups.servers());
    }

    @Override
    @SuppressWarnings("try") // is there to be closed
    public UpdateControl<PptpServer> reconcile(PptpServer server, Context<PptpServer> context) {
        try (var logged = new LogContext("PptpServer", ObjectKey.of(server))) {
            return reconcile(server);
        }
    }

    private UpdateControl<PptpServer> reconcile(PptpServer server) {
        if (server.getMetadata().getDeletionTimestamp() != null) {
            return UpdateControl.noUpdate();
        }
        ObjectKey key = ObjectKey.of(server);
        ServerState before = states.get(key).orElseGet(() -> reconciliation.restore(server));
        Roster roster = reconciliation.roster(server);
        ServerState after;
        Duration recheck = null;
        try {
            after = reconciliation.run(server, before, roster);
            recheck = recheck(server, after);
            report(server, before, after);
            publish(key, before, after);
        } catch (InvalidSpecException e) {
            fail(server, before, roster, Reason.InvalidSpec, EventReason.InvalidSpec, e);
        } catch (NameTakenException e) {
            recheck = RETRY_REFUSED;
            fail(server, before, roster, Reason.NameTaken, EventReason.NameTaken, e);
        } catch (ConfigurationTooLargeException e) {
            fail(server, before, roster, Reason.ConfigurationTooLarge, EventReason.ConfigurationTooLarge, e);
        } catch (KubernetesClientException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            recheck = RETRY_REFUSED;
            fail(server, before, roster, Reason.ObjectRefused, EventReason.ObjectRefused, e);
        }
        UpdateControl<PptpServer> done = UpdateControl.noUpdate();
        return recheck == null ? done : done.rescheduleAfter(recheck);
    }

    private Duration recheck(PptpServer server, ServerState state) {
        List<Pod> pods = reconciliation.pods(server);
        if (pods.isEmpty() && server.getSpec().replicas() > 0) {
            return WHILE_WITHOUT_PODS;
        }
        boolean applying = pods.stream().filter(PptpServerStatuses::isReady)
                .anyMatch(pod -> reconciliation.isOutdated(server, pod, state));
        if (applying) {
            return WHILE_APPLYING;
        }
        return reconciliation.isDividing(server, state) ? WHILE_DIVIDING : null;
    }

    /** Whether the API server understood and said no: trying again at once would be answered the same. */
    private static boolean isRefusal(KubernetesClientException e) {
        return e.getCode() == 400 || e.getCode() == 403 || e.getCode() == 422;
    }

    private void fail(PptpServer server, ServerState before, Roster roster, Reason reason, EventReason event,
            RuntimeException problem) {
        events.record(server, event, problem.getMessage());
        LOG.warn("{}: {}", reason, problem.getMessage());
        ServerState failed = before.failed(new Failure(reason, problem.getMessage()));
        publish(ObjectKey.of(server), before,
                new ServerState(failed.failure(), roster, ServerState.usernames(roster),
                        failed.pools(), failed.division(), failed.withoutShare(), failed.files(),
                        failed.renderedAt()));
    }

    private void report(PptpServer server, ServerState before, ServerState after) {
        String users = after.files().get(ConfigurationFiles.USERS);
        if (!after.files().equals(before.files())) {
            LOG.atInfo().addKeyValue("users", after.usernames().size())
                    .addKeyValue("rejected", after.roster().rejected().size()).log("Configuration rendered");
        }
        if (!Objects.equals(users, before.files().get(ConfigurationFiles.USERS))) {
            events.record(server, EventReason.ConfigurationChanged,
                    "users in the configuration: " + after.usernames().size());
        }
        if (after.withoutShare() > 0) {
            events.record(server, EventReason.PoolTooSmall,
                    "the pools' " + after.pools().size() + " addresses leave "
                            + after.withoutShare() + " pods without any");
        }
        if (!after.roster().rejected().isEmpty()
                && !after.roster().rejected().equals(before.roster().rejected())) {
            events.record(server, EventReason.UsersRejected, after.roster().rejected().size()
                    + " VpnUsers are left out; condition UsersAccepted and the VpnUsers say why");
        }
    }

    private void publish(ObjectKey key, ServerState before, ServerState after) {
        states.put(key, after);
        statuses.offer(PptpServer.class, key);
        after.roster().verdicts().forEach((user, verdict) -> {
            if (!sameForTheUser(verdict, before.roster().verdicts().get(user))) {
                statuses.offer(VpnUser.class, user);
            }
        });
        before.roster().verdicts().keySet().stream()
                .filter(user -> !after.roster().verdicts().containsKey(user))
                .forEach(user -> statuses.offer(VpnUser.class, user));
    }

    private static boolean sameForTheUser(UserVerdict now, UserVerdict before) {
        return now instanceof UserVerdict.Accepted && before instanceof UserVerdict.Accepted
                || now.equals(before);
    }
}
