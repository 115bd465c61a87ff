package io.pptpoperator.e2e;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.LabException;
import io.pptpoperator.dataplane.interop.lab.Namespace;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A cluster, at first of one node, whose network is a namespace of the lab; the project's own images are on it. */
final class Node implements AutoCloseable {

    private static final String FOLDER_PREFIX = "pptp-e2e-";
    private static final Path FOLDERS = Path.of("/var/tmp");
    /** With nothing cached, Kubernetes' programs are built. */
    private static final Duration START = Duration.ofMinutes(60);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder = FOLDERS.resolve(FOLDER_PREFIX + ProcessHandle.current().pid());
    private final Thread removal = new Thread(this::remove, "removal of the cluster");

    private Node() {}

    /** Starts a cluster and puts images on it. */
    static Node start(Namespace network, List<Path> images) {
        removeLeftovers();
        var node = new Node();
        Runtime.getRuntime().addShutdownHook(node.removal);
        try {
            node.must(START, "up", network.name());
            node.load(images);
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Puts images on it. */
    void load(List<Path> images) {
        var load = new ArrayList<>(List.of("load"));
        images.forEach(image -> load.add(image.toString()));
        must(PATIENCE, load.toArray(String[]::new));
    }

    /**
     * Adds a node, and puts images on it.
     *
     * @return its name
     */
    String join(Namespace network, List<Path> images) {
        String added = must(START, "join", network.name());
        for (Path image : images) {
            onAnother(added, "ctr", "--namespace", "k8s.io", "images", "import", image.toString());
        }
        return added;
    }

    /** Ends a node as a cut of its power does. */
    void cutPower(String another) {
        must(PATIENCE, "kill", another);
    }

    /** Starts a node whose power was cut. */
    void boot(String another) {
        must(PATIENCE, "boot", another);
    }

    /** Runs a command as if on a node that was added. */
    String onAnother(String another, String... command) {
        var arguments = new ArrayList<>(List.of("on", another));
        arguments.addAll(List.of(command));
        return must(PATIENCE, arguments.toArray(String[]::new));
    }

    /** Removes clusters of test runs that died before they could. */
    private static void removeLeftovers() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(FOLDERS, FOLDER_PREFIX + "*")) {
            for (Path leftover : folders) {
                long owner = Long.parseLong(leftover.getFileName().toString().substring(FOLDER_PREFIX.length()));
                if (ProcessHandle.of(owner).isEmpty()) {
                    script(leftover, PATIENCE, "down");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome script(Path folder, Duration limit, String... arguments) {
        var command = new ArrayList<>(
                List.of("env", "PPTP_CLUSTER_DIR=" + folder, Repository.text(".ci/kubernetes/cluster")));
        command.addAll(List.of(arguments));
        return Command.run(command, limit);
    }

    private Outcome script(Duration limit, String... arguments) {
        return script(folder, limit, arguments);
    }

    private String must(Duration limit, String... arguments) {
        return succeeded("cluster", arguments, script(limit, arguments));
    }

    /** Runs a command as if on the node, and insists on success. */
    String on(String... command) {
        var arguments = new ArrayList<>(List.of("node"));
        arguments.addAll(List.of(command));
        return must(PATIENCE, arguments.toArray(String[]::new));
    }

    /** Runs kubectl as an administrator. */
    Outcome tryKubectl(String... arguments) {
        var command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig().toString()));
        command.addAll(List.of(arguments));
        return Command.run(command, PATIENCE);
    }

    /** Runs kubectl as an administrator, and insists on success. */
    String kubectl(String... arguments) {
        return succeeded("kubectl", arguments, tryKubectl(arguments));
    }

    /** Runs Helm as an administrator, and insists on success. */
    void helm(String... arguments) {
        var command = new ArrayList<>(List.of(Helm.program(), "--kubeconfig", kubeconfig().toString()));
        command.addAll(List.of(arguments));
        succeeded("helm", arguments, Command.run(command, PATIENCE));
    }

    /** Runs the plugin as an administrator does who has it on PATH. */
    Outcome kubectlPptp(String... arguments) {
        var command = new ArrayList<>(List.of("env",
                "PATH=" + Repository.text("operator/kubectl-plugin/target") + ":" + System.getenv("PATH"),
                "XDG_CACHE_HOME=" + folder.resolve("cache"), "kubectl", "pptp"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--kubeconfig", kubeconfig().toString()));
        return Command.run(command, PATIENCE);
    }

    /** Brings back what others than the servers had in nftables, after somebody flushed it. */
    void putRulesBack() {
        on("nft", "-f", folder.resolve("nodes/node/etc/pods.nft").toString());
        // It looks for what it lacks once an hour, or when it starts.
        on("pkill", "-x", "kube-proxy");
        Await.until("kube-proxy's rules are back", PATIENCE, () -> on("nft", "list", "tables").contains("kube-proxy"));
    }

    private static String succeeded(String program, String[] arguments, Outcome outcome) {
        if (!outcome.succeeded()) {
            throw new LabException("'" + program + " " + String.join(" ", arguments) + "' ended with status "
                    + outcome.status() + ": " + outcome.output());
        }
        return outcome.output();
    }

    /** How an administrator connects. */
    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** Applies manifests. */
    void apply(String yaml) {
        try {
            Path file = Files.createTempFile(folder, "manifest-", ".yaml");
            Files.writeString(file, yaml);
            kubectl("apply", "--server-side", "--force-conflicts", "--filename", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the logs of the cluster's parts are. */
    Path logs() {
        return folder.resolve("log");
    }

    private void remove() {
        script(PATIENCE, "down");
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(removal);
    }
}
