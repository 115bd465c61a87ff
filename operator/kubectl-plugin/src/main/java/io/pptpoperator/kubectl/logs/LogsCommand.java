package io.pptpoperator.kubectl.logs;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.Loggable;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.kubectl.ClusterErrors;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.ExitStatus;
import io.pptpoperator.kubectl.user.VpnUsers;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.resource.Labels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code logs}: what servers logged about a user. */
@Command(name = "logs", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows what servers logged about a user: logins, refusals, and how sessions ended. A name"
                + " that no VpnUser has is looked for as well.")
public final class LogsCommand implements Callable<Integer> {

    private static final String CONTAINER = "pptp";

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "USER", description = "the VpnUser, or the name that a client tried")
    private String name;

    @Option(names = {"-f", "--follow"}, description = "go on, and show what comes")
    private boolean follow;

    @Option(names = "--since", paramLabel = "DURATION", description = "only what is younger, such as 15m, 8h or 7d")
    private String since;

    @Option(names = "--tail", paramLabel = "LINES",
            description = "only the last lines about the user, of all pods together")
    private Integer tail;

    @Option(names = "--raw", description = "print the lines as they were logged")
    private boolean raw;

    private record Found(String pod, LogLine line, String text) {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        try (KubernetesClient client = cluster.connect()) {
            Optional<VpnUser> user = VpnUsers.find(client, name);
            String username = user.map(VpnUser::username).orElse(name);
            List<ObjectKey> pods = pods(client, user);
            if (pods.isEmpty()) {
                throw new CommandFailedException("no pod of a PptpServer runs that serves " + name);
            }
            if (follow) {
                follow(client, pods, username, line -> {
                    out.println(line);
                    out.flush();
                });
            } else {
                var found = new ArrayList<Found>();
                pods.forEach(pod -> read(client, pod, username, found));
                found.sort(Comparator.comparing(it -> it.line().time()));
                found.stream()
                        .skip(tail == null ? 0 : Math.max(0, found.size() - tail))
                        .forEach(it -> out.println(it.text()));
                out.flush();
            }
            return ExitStatus.OK;
        }
    }

    /** The pods of the servers that take the user, or else of all servers in the namespace. */
    private static List<ObjectKey> pods(KubernetesClient client, Optional<VpnUser> user) {
        List<String> servers = user.map(VpnUser::getStatus).map(VpnUserStatus::servers).orElse(List.of());
        Stream<Pod> pods = servers.isEmpty()
                ? client.pods().withLabel(Labels.SERVER).list().getItems().stream()
                : servers.stream()
                        .map(it -> it.split("/", 2))
                        .flatMap(key -> client.pods()
                                .inNamespace(key[0])
                                .withLabel(Labels.SERVER, key[1])
                                .list()
                                .getItems()
                                .stream());
        return pods.filter(pod -> pod.getStatus() != null && !"Pending".equals(pod.getStatus().getPhase()))
                .map(ObjectKey::of)
                .sorted()
                .toList();
    }

    private Loggable log(KubernetesClient client, ObjectKey pod) {
        var container = client.pods().inNamespace(pod.namespace()).withName(pod.name()).inContainer(CONTAINER);
        return since == null ? container : container.sinceSeconds((int) Age.parse(since).toSeconds());
    }

    private void read(KubernetesClient client, ObjectKey pod, String username, List<Found> found) {
        try (Reader reader = log(client, pod).getLogReader()) {
            lines(reader, pod, username, found::add);
        } catch (KubernetesClientException e) {
            command.commandLine()
                    .getErr()
                    .println("note: the log of pod " + pod + " cannot be read: " + ClusterErrors.explain(e));
        } catch (IOException e) {
            command.commandLine()
                    .getErr()
                    .println("note: the log of pod " + pod + " ended early: " + ApiErrors.sentence(e));
        }
    }

    private void lines(Reader reader, ObjectKey pod, String username, Consumer<Found> found) throws IOException {
        var log = new UserLog(username);
        var lines = new BufferedReader(reader);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            LogLine.parse(line)
                    .filter(log::concerns)
                    .ifPresent(
                            it -> found.accept(new Found(pod.name(), it, raw ? it.raw() : log.text(pod.name(), it))));
        }
    }

    private void follow(KubernetesClient client, List<ObjectKey> pods, String username, Consumer<String> out)
            throws InterruptedException {
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            pods.forEach(pod -> readers.execute(() -> {
                try (LogWatch watch = log(client, pod).watchLog(); InputStream lines = watch.getOutput()) {
                    lines(new InputStreamReader(lines, StandardCharsets.UTF_8), pod, username,
                            it -> out.accept(it.text()));
                } catch (KubernetesClientException | IOException e) {
                    command.commandLine()
                            .getErr()
                            .println("note: the log of pod " + pod + " ended: " + ApiErrors.sentence(e));
                }
            }));
        }
    }

    /** Durations as {@code kubectl logs --since} takes them, and days. */
    static final class Age {

        private Age() {}

        static Duration parse(String text) {
            try {
                String iso = text.endsWith("d") ? "P" + text : "PT" + text;
                return Duration.parse(iso);
            } catch (DateTimeParseException e) {
                throw new CommandFailedException("--since: '" + text + "' is not a duration such as 15m, 8h30m or 7d");
            }
        }
    }
}
