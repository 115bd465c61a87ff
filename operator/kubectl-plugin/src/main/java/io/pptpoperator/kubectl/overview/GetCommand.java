package io.pptpoperator.kubectl.overview;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.ExitStatus;
import io.pptpoperator.kubectl.installation.LeaseLook;
import io.pptpoperator.kubectl.installation.OperatorLease;
import io.pptpoperator.kubectl.installation.OperatorNamespace;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code get}: servers and users, with what is known of them now. */
@Command(name = "get", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows the namespace's servers and users. What was changed and nobody has looked at since is"
                + " Unknown, and without an operator that is said.")
public final class GetCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--operator-namespace", paramLabel = "NAME",
            description = "where the operator runs (default: found out)")
    private String operatorNamespace;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        try (KubernetesClient client = cluster.connect()) {
            List<PptpServer> servers = client.resources(PptpServer.class).list().getItems();
            List<VpnUser> users = client.resources(VpnUser.class).list().getItems();
            OperatorLease lease = new LeaseLook(client, OperatorNamespace.find(client,
                    Optional.ofNullable(operatorNamespace), Optional.of(client.getNamespace()))).take();
            if (lease.isAbandoned()) {
                err.println("note: " + lease.sentence() + "; what follows was true before");
            }
            if (servers.isEmpty() && users.isEmpty()) {
                err.println("Namespace " + client.getNamespace() + " has neither PptpServers nor VpnUsers.");
            }
            if (!servers.isEmpty()) {
                out.print(Overview.ofServers(servers));
            }
            if (!users.isEmpty()) {
                out.print((servers.isEmpty() ? "" : "\n") + Overview.ofUsers(users, Instant.now()));
            }
            out.flush();
            return ExitStatus.OK;
        }
    }
}
