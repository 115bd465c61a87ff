package io.pptpoperator.kubectl.session;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.ExitStatus;
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

/** {@code sessions}: who is connected. */
@Command(name = "sessions", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows who is connected, and how much they moved.")
public final class SessionsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = {"-A", "--all-namespaces"}, description = "sessions of all namespaces")
    private boolean everywhere;

    @Option(names = {"-o", "--output"}, paramLabel = "FORMAT", defaultValue = "table",
            description = "table, wide, name, json or yaml")
    private SessionList.Format format;

    @Option(names = "--operator-namespace", paramLabel = "NAME",
            description = "where the operator runs (default: found out)")
    private String operatorNamespace;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        try (KubernetesClient client = cluster.connect()) {
            List<SessionRow> sessions = new SessionSurvey(client, everywhere, Optional.ofNullable(operatorNamespace),
                    note -> err.println("note: " + note)).sessions();
            boolean forPeople = format == SessionList.Format.TABLE || format == SessionList.Format.WIDE;
            if (sessions.isEmpty() && forPeople) {
                err.println(
                        "Nobody is connected" + (everywhere ? "." : " in namespace " + client.getNamespace() + "."));
            } else {
                out.print(SessionList.text(sessions, format, everywhere, Instant.now()));
            }
            out.flush();
            return ExitStatus.OK;
        }
    }
}
