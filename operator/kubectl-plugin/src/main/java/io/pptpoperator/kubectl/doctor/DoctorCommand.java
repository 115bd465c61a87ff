package io.pptpoperator.kubectl.doctor;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.user.VpnUsers;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doctor}: why somebody cannot connect. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Looks for what keeps clients out: at the resources, the pods and the network, and by dialling"
                + " the servers from here. As root on Linux it tries GRE as well.",
        exitCodeListHeading = "%nExit status:%n", exitCodeList = {"0:nothing was found that keeps clients out",
                "1:something was found", "2:wrong usage", "3:the cluster cannot be asked"})
public final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVER",
            description = "the PptpServer (default: all in the namespace)")
    private String server;

    @Option(names = "--user", paramLabel = "USER", description = "a VpnUser who cannot connect")
    private String user;

    @Option(names = "--no-dial", description = "do not dial the servers from this machine")
    private boolean noDial;

    @Option(names = "--json", description = "print the findings as one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try (KubernetesClient client = cluster.connect()) {
            var examination = new Examination(client, ReachCheck::of);
            List<PptpServer> servers = servers(client);
            var findings = new ArrayList<Finding>();
            if (servers.isEmpty()) {
                findings.add(Finding.problem("namespace " + client.getNamespace(), "it has no PptpServer",
                        "kubectl get pptpservers -A lists all"));
            }
            Network network = examination.network();
            servers.forEach(it -> findings.addAll(ServerDiagnosis.of(examination.server(it, network, !noDial))));
            if (user != null) {
                Optional<VpnUser> found = VpnUsers.find(client, user);
                findings.addAll(UserDiagnosis.of(new UserExam(user, found,
                        found.map(examination::secret).orElse(UserExam.SecretState.MISSING), servers, Instant.now())));
            }
            out.print(json ? Findings.json(findings) : Findings.text(findings));
            out.flush();
            return Findings.exitStatus(findings);
        }
    }

    private List<PptpServer> servers(KubernetesClient client) {
        if (server == null) {
            return client.resources(PptpServer.class).list().getItems();
        }
        int slash = server.indexOf('/');
        String namespace = slash < 0 ? client.getNamespace() : server.substring(0, slash);
        return List.of(Optional.ofNullable(
                client.resources(PptpServer.class).inNamespace(namespace).withName(server.substring(slash + 1)).get())
                .orElseThrow(() -> new CommandFailedException(
                        "there is no PptpServer " + server.substring(slash + 1) + " in namespace " + namespace)));
    }
}
