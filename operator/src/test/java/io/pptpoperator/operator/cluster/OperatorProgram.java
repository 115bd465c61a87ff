package io.pptpoperator.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The program {@code operate} as a process of its own, with the rights of the shipped roles and a pod's environment.
 */
public final class OperatorProgram implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("answered on [^:]*:([0-9]+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path log;
    private final Process process;

    /** Starts one that looks after one namespace and lives there, and that starts quickly. */
    public OperatorProgram(TestCluster cluster, String namespace, String podName) throws IOException {
        this(cluster, namespace, podName, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    }

    /** As above, in a Java machine of its own kind. */
    public OperatorProgram(TestCluster cluster, String namespace, String podName, List<String> javaOptions)
            throws IOException {
        this(cluster.kubeconfigOf(namespace, ShippedRbac.SERVICE_ACCOUNT), namespace, podName, javaOptions);
    }

    /** Starts one with a kubeconfig that is there already: nobody has to answer. */
    public static OperatorProgram withKubeconfig(Path kubeconfig, String namespace, String podName) throws IOException {
        return new OperatorProgram(kubeconfig, namespace, podName,
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    }

    private OperatorProgram(Path kubeconfig, String namespace, String podName, List<String> javaOptions)
            throws IOException {
        log = Files.createTempFile("operator", ".log");
        var command = new ArrayList<>(java());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.pptpoperator.operator.Main", "operate",
                "--watch", "own", "--listen", "127.0.0.1:0"));
        var builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of("KUBECONFIG", kubeconfig.toAbsolutePath().toString(), "POD_NAMESPACE", namespace,
                        "POD_NAME", podName, "PPTP_OPERATOR_DATA_PLANE_IMAGE", "pptp-dataplane:test",
                        "PPTP_OPERATOR_CLUSTER_DNS", "10.0.0.10"));
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** This machine's Java, unless the property {@code operator.java} names another, such as an emulated one. */
    private static List<String> java() {
        String given = System.getProperty("operator.java", "");
        return given.isBlank()
                ? List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                : List.of(given.strip().split("\\s+"));
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Waits until {@code /readyz} says so. */
    public void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptions()
                .failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .untilAsserted(() -> assertThat(get("/readyz").statusCode()).isEqualTo(200));
    }

    /** What the program answers. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        Matcher port = LISTENING.matcher(log());
        if (!port.find()) {
            throw new IOException("the program does not listen yet");
        }
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** One number of {@code /metrics}; the text up to the value names it. */
    public double metric(String series) throws IOException, InterruptedException {
        return get("/metrics").body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** What it has logged. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to stop, as kubelets do, and waits for that; its exit status. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return await();
    }

    /** Kills it, as nothing but the kernel does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        await();
    }

    /** Waits until it has ended by itself; its exit status. */
    public int await() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            throw new AssertionError("the operator does not end:\n" + log());
        }
        return process.exitValue();
    }

    /** Sends a signal that Java does not know. */
    public void signal(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(process.pid())));
        if (new ProcessBuilder(command).start().waitFor() != 0) {
            throw new IOException("signal " + name + " could not be sent");
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        http.close();
        Files.deleteIfExists(log);
    }
}
