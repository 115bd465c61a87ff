package io.pptpoperator.kubectl.doctor;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.PptpServers;
import io.pptpoperator.kubectl.installation.LeaseLook;
import io.pptpoperator.kubectl.installation.OperatorLease;
import io.pptpoperator.kubectl.installation.OperatorNamespace;
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

    @Option(names = "--operator-namespace", paramLabel = "NAME",
            description = "where the operator runs (default: found out)")
    private String operatorNamespace;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        try (KubernetesClient client = cluster.connect()) {
            List<Finding> findings = findings(client);
            out.print(json ? Findings.json(findings) : Findings.text(findings));
            out.flush();
            return Findings.exitStatus(findings);
        }
    }

    private List<Finding> findings(KubernetesClient client) throws InterruptedException {
        var examination = new Examination(client, ReachCheck::of);
        List<PptpServer> servers = server == null
                ? client.resources(PptpServer.class).list().getItems()
                : List.of(PptpServers.get(client, server));
        Optional<VpnUser> found = user == null ? Optional.empty() : VpnUsers.find(client, user);
        String namespace = server == null ? client.getNamespace() : PptpServers.key(client, server).namespace();
        OperatorLease lease = new LeaseLook(client,
                OperatorNamespace.find(client, Optional.ofNullable(operatorNamespace), Optional.of(namespace))).take();
        boolean operatorGone = lease.isAbandoned();
        var findings = new ArrayList<Finding>();
        findings.add(OperatorDiagnosis.of(lease, servers, found));
        if (servers.isEmpty()) {
            findings.add(Finding.problem("namespace " + client.getNamespace(), "it has no PptpServer",
                    "kubectl get pptpservers -A lists all"));
        }
        Network network = examination.network();
        servers.forEach(it -> findings.addAll(ServerDiagnosis.of(examination.server(it, network, !noDial, operatorGone,
                found.map(person -> person.getMetadata().getName())))));
        if (user != null) {
            findings.addAll(UserDiagnosis.of(new UserExam(user, found,
                    found.map(examination::secret).orElse(UserExam.SecretState.MISSING), servers,
                    examination.profiles(servers), operatorGone,
                    found.isPresent() ? Optional.empty() : examination.lastLine(servers, user), Instant.now())));
        }
        return findings;
    }
}
