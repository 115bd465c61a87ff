package io.pptpoperator.operator.operate;

import ch.qos.logback.classic.Level;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pptpoperator.dataplane.config.ServerConfig.Log;
import io.pptpoperator.dataplane.log.Logging;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.KubernetesClients;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.leader.WriteFence;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.reconciler.OperatorRuntime;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code operate}: the operator in a cluster, until it is told to stop. */
@Command(name = "operate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Looks after the PptpServers and VpnUsers of a cluster. Every option can also be given by the environment variable named with it.",
        footer = "%nThe cluster is found as kubectl finds it: by the pod's service account, or by KUBECONFIG. Exit status: 143 after SIGTERM, 1 when it cannot go on, 2 for a wrong option.")
public final class OperateCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(OperateCommand.class);
    private static final String VERSION_WARNINGS = "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils";
    private static final int FAILED = 1;
    /** With exponential pauses between them, a few seconds: whoever needs longer is tried again by the loops. */
    private static final int REQUEST_ATTEMPTS = 4;
    private static final int WATCH_PAUSE_MILLIS = 200;

    @Option(names = "--watch", paramLabel = "NAMESPACES", defaultValue = "${env:PPTP_OPERATOR_WATCH:-all}",
            description = "where to look after PptpServers and VpnUsers: all, own (the operator's own namespace), or a list of namespaces with commas between them; PPTP_OPERATOR_WATCH (default: all)")
    private String watch;

    @Option(names = "--namespace", paramLabel = "NAME", defaultValue = "${env:POD_NAMESPACE}",
            description = "the operator's own namespace, where its Lease and its certificates are; POD_NAMESPACE, from the downward API")
    private String namespace;

    @Option(names = "--pod-name", paramLabel = "NAME", defaultValue = "${env:POD_NAME:-pptp-operator}",
            description = "tells this process from others, in the Lease and in Events; POD_NAME, from the downward API")
    private String podName;

    @Option(names = "--leader-election", arity = "1", paramLabel = "true|false",
            defaultValue = "${env:PPTP_OPERATOR_LEADER_ELECTION:-true}",
            description = "whether to write only while holding the Lease; PPTP_OPERATOR_LEADER_ELECTION (default: true)")
    private boolean leaderElection;

    @Option(names = "--data-plane-image", required = true, paramLabel = "IMAGE",
            defaultValue = "${env:PPTP_OPERATOR_DATA_PLANE_IMAGE}",
            description = "the image of PptpServers whose spec names none; PPTP_OPERATOR_DATA_PLANE_IMAGE")
    private String dataPlaneImage;

    @Option(names = "--cluster-dns", converter = ClusterDns.Converter.class, paramLabel = "ADDRESS",
            defaultValue = "${env:PPTP_OPERATOR_CLUSTER_DNS}",
            description = "the cluster's name server, for PptpServers with useClusterDNS; PPTP_OPERATOR_CLUSTER_DNS (default: the first IPv4 name server in /etc/resolv.conf)")
    private Ipv4Address clusterDns;

    @Option(names = "--scrapers", paramLabel = "NAMESPACES", defaultValue = "${env:PPTP_OPERATOR_SCRAPERS:-}",
            description = "namespaces with commas between them, such as Prometheus's, whose pods the servers' NetworkPolicies let in to the administration ports beside the operator; PPTP_OPERATOR_SCRAPERS (default: none)")
    private String scrapers;

    @Option(names = "--listen", converter = ListenAddress.Converter.class, paramLabel = "ADDRESS:PORT",
            defaultValue = "${env:PPTP_OPERATOR_LISTEN:-0.0.0.0:8080}",
            description = "where /healthz, /readyz and /metrics are answered, in plain HTTP; PPTP_OPERATOR_LISTEN (default: 0.0.0.0:8080)")
    private ListenAddress listen;

    @Option(names = "--log-format", paramLabel = "json|text", defaultValue = "${env:PPTP_OPERATOR_LOG_FORMAT:-json}",
            description = "PPTP_OPERATOR_LOG_FORMAT (default: json)")
    private Log.Format logFormat;

    @Option(names = "--log-level", paramLabel = "error|warn|info|debug",
            defaultValue = "${env:PPTP_OPERATOR_LOG_LEVEL:-info}",
            description = "PPTP_OPERATOR_LOG_LEVEL (default: info)")
    private Log.Level logLevel;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        OperatorSettings settings = settings();
        // Its context says the resource's name in keys of its own; ours says it everywhere in the same ones.
        System.setProperty("JAVA_OPERATOR_SDK_USE_MDC", "false");
        Logging.apply(new Log(logLevel, logFormat, List.of()));
        silenceVersionWarnings();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var fence = new WriteFence(Clock.systemUTC());
        try (KubernetesClient client = KubernetesClients.builder(config(settings))
                .withHttpClientBuilderConsumer(fence::guard)
                .build(); var collections = new JvmGcMetrics()) {
            bindJvm(registry, collections);
            countDroppedLines(registry);
            return operate(client, fence, settings, registry);
        } catch (IOException | IllegalStateException | KubernetesClientException e) {
            LOG.error("The operator cannot go on: {}", withCauses(e));
            return FAILED;
        }
    }

    private int operate(KubernetesClient client, WriteFence fence, OperatorSettings settings,
            PrometheusMeterRegistry registry) throws IOException {
        var ended = new CountDownLatch(1);
        var failure = new CompletableFuture<Void>();
        var metrics = new OperatorMetrics(registry);
        try (var http = OperatorHttp.start(listen, registry, metrics::look)) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                if (!failure.complete(null) || !http.isStarted()) {
                    main.interrupt();
                }
                await(ended);
            }));
            LOG.info("Starting; /healthz, /readyz and /metrics are answered on {}", http.address());
            try (OperatorRuntime runtime = runtime(client, fence, settings, metrics, http)) {
                http.runs(runtime);
                runtime.start();
                http.started();
                runtime.failure().whenComplete((nothing, why) -> {
                    if (why == null) {
                        failure.complete(null);
                    } else {
                        failure.completeExceptionally(why);
                    }
                });
                failure.get();
                LOG.info("Stopping");
                return 0;
            }
        } catch (ExecutionException e) {
            LOG.error("The operator cannot go on: {}", withCauses(e.getCause()));
            return FAILED;
        } catch (InterruptedException e) {
            // Told to stop while it waited for the API server; said before the last line is written.
            LOG.info("Stopping");
            return 0;
        } finally {
            ended.countDown();
        }
    }

    /** The operator's parts, as soon as the API server says what they have to be. */
    private static OperatorRuntime runtime(KubernetesClient client, WriteFence fence, OperatorSettings settings,
            OperatorMetrics metrics, OperatorHttp http) throws InterruptedException {
        while (true) {
            new ApiServerWait(client, http::waitsFor).untilItAnswers();
            try {
                return new OperatorRuntime(client, fence, settings, metrics, Clock.systemUTC());
            } catch (KubernetesClientException e) {
                if (!ApiErrors.isAbsence(e)) {
                    throw e;
                }
            }
        }
    }

    /** The process must not end before what it was writing is written, and its Lease given back. */
    private static void await(CountDownLatch ended) {
        try {
            ended.await();
            Logging.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The client warns of every kind whose version is an alpha or a beta, ours too. Whoever installs it knows. */
    private static void silenceVersionWarnings() {
        if (LoggerFactory.getLogger(VERSION_WARNINGS) instanceof ch.qos.logback.classic.Logger logger) {
            logger.setLevel(Level.ERROR);
        }
    }

    private static Config config(OperatorSettings settings) {
        return new ConfigBuilder(Config.autoConfigure(null)).withRequestRetryBackoffLimit(REQUEST_ATTEMPTS)
                // Doubled up to thirty-two times: watches are back within seconds after the API server is.
                .withWatchReconnectInterval(WATCH_PAUSE_MILLIS)
                // The cluster's audit log then says which of several processes it was.
                .withUserAgent("pptp-operator/" + settings.identity())
                .build();
    }

    private static void bindJvm(PrometheusMeterRegistry registry, JvmGcMetrics collections) {
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private static void countDroppedLines(PrometheusMeterRegistry registry) {
        for (Log.Level level : Log.Level.values()) {
            FunctionCounter.builder("pptp_operator_log_lines_dropped", level, Logging::dropped)
                    .description("log lines dropped because standard error was not read fast enough")
                    .tag("level", level.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private OperatorSettings settings() {
        if (namespace == null) {
            throw new ParameterException(spec.commandLine(),
                    "--namespace is missing: in a pod, set POD_NAMESPACE from the downward API field metadata.namespace");
        }
        try {
            return new OperatorSettings(namespace, WatchedNamespaces.parse(watch, namespace), dataPlaneImage,
                    ClusterDns.orFromResolvConf(clusterDns),
                    podName + "_" + UUID.randomUUID().toString().substring(0, 8), leaderElection,
                    WatchedNamespaces.names("--scrapers", scrapers));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static String withCauses(Throwable problem) {
        if (problem instanceof KubernetesClientException api) {
            return ApiErrors.sentence(api);
        }
        var text = new StringBuilder(ApiErrors.sentence(problem));
        if (problem.getCause() != null && !text.toString().contains(withCauses(problem.getCause()))) {
            text.append("; because of ").append(withCauses(problem.getCause()));
        }
        return text.toString();
    }
}
