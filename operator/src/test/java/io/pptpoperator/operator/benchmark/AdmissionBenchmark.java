package io.pptpoperator.operator.benchmark;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.operator.cluster.OperatorProgram;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import io.pptpoperator.operator.roster.PasswordMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * How long it takes from VpnUsers' admission until they stand in a server's configuration, and how much memory the
 * operator needs for them: {@code operator/benchmarks/run} starts this, and it writes {@code
 * docs/operator-benchmarks.md}.
 */
public final class AdmissionBenchmark {

    private static final List<Integer> SIZES = List.of(1000, 2000, 5000, 10_000);
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Pattern RENDERED = Pattern
            .compile("\"time\":\"([^\"]+)\".*\"message\":\"Configuration rendered\",\"users\":([0-9]+)");
    private static final Pattern HEAP = Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\",.*} (.*)$");

    private final TestCluster cluster = TestCluster.shared();
    private final KubernetesClient client = cluster.client();

    private AdmissionBenchmark() {}

    private record Result(int users, Duration admission, Duration lag, Duration addition, Duration restart,
            double heapBefore, double heap) {

        double heapPerUser() {
            return (heap - heapBefore) / users;
        }
    }

    /** Measures all sizes. The one argument is the file to write. */
    public static void main(String[] arguments) throws Exception {
        var benchmark = new AdmissionBenchmark();
        var results = new ArrayList<Result>();
        // The first one warms the API server up.
        benchmark.measure(200);
        for (int users : SIZES) {
            results.add(benchmark.measure(users));
            System.out.println(results.getLast());
        }
        Files.writeString(Path.of(arguments[0]), document(results));
        System.exit(0);
    }

    private Result measure(int users) throws Exception {
        String namespace = cluster.newNamespace("benchmark");
        ShippedRbac.bindIn(client, namespace);
        List<String> java = List.of("-XX:+UseSerialGC", "-Xmx512m");
        double heapBefore;
        Instant begun;
        Instant admitted;
        Instant rendered;
        Duration addition;
        double heap;
        try (var operator = new OperatorProgram(cluster, namespace, "operator", java)) {
            operator.awaitReady();
            create("PptpServer", namespace, "office", "localIP: 10.0.0.1, pools: [10.1.0.0/16]");
            awaitRendered(operator, 0);
            heapBefore = heapAfterCollection(operator);
            inParallel(users,
                    i -> client.resource(new SecretBuilder().withNewMetadata()
                            .withName("user-" + i)
                            .withNamespace(namespace)
                            .addToLabels(PasswordMark.LABEL, PasswordMark.VALUE)
                            .endMetadata()
                            .withStringData(Map.of("password", "password of user " + i))
                            .build()).create());
            begun = Instant.now();
            inParallel(users, i -> create("VpnUser", namespace, "user-" + i,
                    "password: {secretKeyRef: {name: user-" + i + ", key: password}}"));
            admitted = Instant.now();
            rendered = awaitRendered(operator, users);
            client.resource(new SecretBuilder().withNewMetadata()
                    .withName("one-more")
                    .withNamespace(namespace)
                    .addToLabels(PasswordMark.LABEL, PasswordMark.VALUE)
                    .endMetadata()
                    .withStringData(Map.of("password", "one more"))
                    .build()).create();
            Instant created = Instant.now();
            create("VpnUser", namespace, "one-more", "password: {secretKeyRef: {name: one-more, key: password}}");
            addition = Duration.between(created, awaitRendered(operator, users + 1));
            heap = heapAfterCollection(operator);
            operator.terminate();
        }
        Instant restarted = Instant.now();
        Duration restart;
        try (var operator = new OperatorProgram(cluster, namespace, "operator", java)) {
            restart = Duration.between(restarted, awaitRenderedAgain(operator, namespace));
        }
        client.namespaces().withName(namespace).delete();
        return new Result(users, Duration.between(begun, admitted), Duration.between(admitted, rendered), addition,
                restart, heapBefore, heap);
    }

    private void create(String kind, String namespace, String name, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(kind, name, namespace, spec)).create();
    }

    private static void inParallel(int count, IntConsumer work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var parts = new ArrayList<Future<?>>();
            for (int part = 0; part < CLIENTS; part++) {
                int first = part;
                parts.add(threads.submit(() -> {
                    for (int i = first; i < count; i += CLIENTS) {
                        work.accept(i);
                    }
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        }
    }

    /** When the configuration with so many users was stored in its Secret, by the operator's log. */
    private static Instant awaitRendered(OperatorProgram operator, int users) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> rendered(operator, users) != null);
        return rendered(operator, users);
    }

    private static Instant rendered(OperatorProgram operator, int users) {
        return RENDERED.matcher(operator.log())
                .results()
                .filter(it -> Integer.parseInt(it.group(2)) == users)
                .map(it -> Instant.parse(it.group(1)))
                .findFirst()
                .orElse(null);
    }

    /** A new process renders what is there already; the change that it then sees shows that it has finished that. */
    private Instant awaitRenderedAgain(OperatorProgram operator, String namespace) {
        operator.awaitReady();
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: office, namespace: %s}
                spec: {localIP: 10.0.0.1, pools: [10.1.0.0/16], dns: [9.9.9.9]}
                """.formatted(namespace)).fieldManager("benchmark").forceConflicts().serverSideApply();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> RENDERED.matcher(operator.log()).find());
        return RENDERED.matcher(operator.log())
                .results()
                .map(it -> Instant.parse(it.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static double heapAfterCollection(OperatorProgram operator) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        for (int i = 0; i < 2; i++) {
            new ProcessBuilder(jcmd.toString(), Long.toString(operator.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        return HEAP.matcher(operator.get("/metrics").body())
                .results()
                .mapToDouble(it -> Double.parseDouble(it.group(1)))
                .sum();
    }

    private static String document(List<Result> results) throws IOException {
        var text = new StringBuilder("""
                # The operator's benchmarks

                Written by `operator/benchmarks/run`; do not edit. The operator's program (`-Xmx512m`, serial garbage \
                collector) runs beside a real API server and etcd on the same machine, with the shipped roles. Each \
                VpnUser has a password in a Secret of its own.

                """);
        text.append("- measured on ").append(Instant.now().toString(), 0, 10).append('\n');
        text.append("- ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" cores, ")
                .append(cpu())
                .append(", Linux ")
                .append(System.getProperty("os.version"))
                .append(", Java ")
                .append(System.getProperty("java.vm.version"))
                .append("\n\n");
        text.append("""
                | VpnUsers | creating them | from the last one to all rendered | one more, until rendered \
                | a new process, until it has rendered a change | heap | heap per user |
                |---:|---:|---:|---:|---:|---:|---:|
                """);
        for (Result it : results) {
            text.append("| %,d | %.1f s | %.1f s | %.1f s | %.1f s | %.0f MB | %.1f KB |%n".formatted(it.users,
                    seconds(it.admission), seconds(it.lag), seconds(it.addition), seconds(it.restart), it.heap / 1e6,
                    it.heapPerUser() / 1e3));
        }
        Result first = results.getFirst();
        Result last = results.getLast();
        text.append("""

                From %,d to %,d users, %.0f times as many, creating and rendering took %.1f times as long, and the \
                heap per user %.2f times as much. Heap is what is in use after a collection; per user: over what the \
                operator needs with none. Statuses follow behind the configuration, at forty writes a second at most.

                What keeps the heap small: the caches drop what nobody reads (who wrote which field of every object, \
                the images of nodes) before they store anything, and Secrets of kinds that never hold a password \
                are not watched.
                """.formatted(first.users, last.users, 1.0 * last.users / first.users,
                seconds(last.admission.plus(last.lag)) / seconds(first.admission.plus(first.lag)),
                last.heapPerUser() / first.heapPerUser()));
        return text.toString();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String cpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo"))
                .stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.split(":", 2)[1].strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
