package io.pptpoperator.kubectl.session;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.ExitStatus;
import io.pptpoperator.kubectl.user.VpnUsers;
import io.pptpoperator.operator.session.Disconnection;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kick}: ends sessions, by way of the operator. */
@Command(name = "kick", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Ends all sessions of a user, or one session. The client may dial in again at once: to keep"
                + " it out, set enabled: false in its VpnUser.")
public final class KickCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "USER|SESSION",
            description = "a VpnUser or the name of a RADIUS user, or the id or address of a session as"
                    + " 'sessions' shows it")
    private String target;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30",
            description = "how long to wait until it is done; 0: not at all (default: ${DEFAULT-VALUE})")
    private int timeout;

    @Option(names = "--operator-namespace", paramLabel = "NAME",
            description = "where the operator runs (default: found out)")
    private String operatorNamespace;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        try (KubernetesClient client = cluster.connect()) {
            Optional<VpnUser> user = VpnUsers.find(client, target);
            if (user.isEmpty()) {
                return session(client, out);
            }
            return order(client, out, KickOrder.all(user.get())
                    .orElseThrow(() -> new CommandFailedException(target + " is not connected")));
        }
    }

    private int order(KubernetesClient client, PrintWriter out, KickOrder order) {
        String name = order.user().getMetadata().getName();
        Resource<VpnUser> resource = client.resources(VpnUser.class).withName(name);
        resource.patch(PatchContext.of(PatchType.JSON_MERGE),
                client.getKubernetesSerialization()
                        .asJson(Map.of("metadata",
                                Map.of("annotations", Map.of(Disconnection.ANNOTATION, order.order().toString())))));
        if (timeout > 0) {
            awaitObedience(resource, order);
        }
        out.println("vpnuser.pptp-operator.io/" + name + (timeout > 0 ? " disconnected" : " will be disconnected"));
        return ExitStatus.OK;
    }

    /** One session; or all of a user whom RADIUS servers know, and no VpnUser: those are ended at their pods. */
    private int session(KubernetesClient client, PrintWriter out) throws InterruptedException {
        List<VpnUser> users = client.resources(VpnUser.class).list().getItems();
        var survey = new SessionSurvey(client, false, Optional.ofNullable(operatorNamespace),
                note -> command.commandLine().getErr().println("note: " + note));
        List<SessionRow> sessions = survey.sessions();
        Optional<KickOrder> order = KickOrder.one(users, sessions, target);
        if (order.isPresent()) {
            return order(client, out, order.get());
        }
        List<SessionRow> atPods = KickOrder.withoutVpnUser(users, sessions, target);
        if (atPods.isEmpty()) {
            throw new CommandFailedException(
                    "there is neither a VpnUser nor a session " + target + " in namespace " + client.getNamespace());
        }
        survey.end(atPods);
        out.println("user " + atPods.getFirst().user() + " disconnected");
        return ExitStatus.OK;
    }

    private void awaitObedience(Resource<VpnUser> resource, KickOrder order) {
        try {
            resource.waitUntilCondition(later -> later == null || order.isObeyed(later), timeout, TimeUnit.SECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new CommandFailedException("the operator has not ended the session within " + timeout
                    + " s; it is still asked to. Is it running? kubectl get pods -A -l app.kubernetes.io/name=pptp-operator");
        }
    }
}
