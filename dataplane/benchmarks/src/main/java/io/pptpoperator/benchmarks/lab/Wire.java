package io.pptpoperator.benchmarks.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces joined by a veth pair with an MTU of 1,500 bytes: a server's and a client's. Every namespace
 * of the benchmark has a name of the same beginning, by which {@link #removeAll} finds it.
 */
public final class Wire {
    private static final String PREFIX = "pptp-bench-";
    /** Milliseconds that processes get to end by themselves. */
    private static final long ORDERLY_END = 3_000;
    public static final String SERVER_ADDRESS = "10.99.0.1";
    public static final String CLIENT_ADDRESS = "10.99.0.2";

    private final String name;

    /** Makes both namespaces and what joins them. */
    public Wire(String name) {
        this.name = name;
        ip("netns", "add", namespace("server"));
        ip("netns", "add", namespace("client"));
        ip("-n", namespace("server"), "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns",
                namespace("client"));
        bringUp("server", SERVER_ADDRESS);
        bringUp("client", CLIENT_ADDRESS);
    }

    private void bringUp(String side, String address) {
        String namespace = namespace(side);
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", namespace, "addr", "add", address + "/24", "dev", "wire");
        ip("-n", namespace, "link", "set", "wire", "up");
    }

    /** Makes a round trip take so many milliseconds longer; false where the kernel has no netem. */
    public boolean lengthen(int millis) {
        try {
            Commands.run(atServer("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "0ms"));
        } catch (BenchmarkException e) {
            return false;
        }
        for (String side : List.of("server", "client")) {
            Commands.run(inside(side, "tc", "qdisc", "add", "dev", "wire", "root", "netem", "limit", "100000", "delay",
                    millis / 2.0 + "ms"));
        }
        return true;
    }

    private String namespace(String side) {
        return PREFIX + name + "-" + side;
    }

    /** A command as it runs beside the server. */
    public List<String> atServer(String... command) {
        return inside("server", command);
    }

    /** A command as it runs beside the client. */
    public List<String> atClient(String... command) {
        return inside("client", command);
    }

    private List<String> inside(String side, String... command) {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", namespace(side)));
        inside.addAll(List.of(command));
        return inside;
    }

    /** Ends what runs in any namespace of the benchmark, this run's or one's that was killed, and removes them. */
    public static void removeAll() {
        List<String> namespaces = Commands.run("ip", "netns", "list")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .filter(namespace -> namespace.startsWith(PREFIX))
                .toList();
        List<ProcessHandle> processes = namespaces.stream()
                .flatMap(namespace -> Commands.run("ip", "netns", "pids", namespace).lines())
                .flatMap(process -> ProcessHandle.of(Long.parseLong(process)).stream())
                .toList();
        // Asked first: wireguard-go removes its control socket only when it ends in order.
        processes.forEach(ProcessHandle::destroy);
        CompletableFuture<?>[] ends = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(ends).completeOnTimeout(null, ORDERLY_END, TimeUnit.MILLISECONDS).join();
        processes.forEach(ProcessHandle::destroyForcibly);
        namespaces.forEach(namespace -> ip("netns", "delete", namespace));
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Commands.run(command);
    }
}
