package io.pptpoperator.operator.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.operator.KubernetesClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A real control plane: etcd, kube-apiserver and, for the kinds the operator makes, kube-controller-manager. There is
 * no scheduler and no node; {@link FakeNodes} stands in for both. One is shared by all test classes of a JVM, each of
 * which works in namespaces of its own.
 */
public final class TestCluster {

    /** Guards against waiting for ever. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /**
     * Loopback has many addresses, and outgoing connections use the first: nobody's connection takes a port of this one
     * before the program for which it was chosen listens there, or while the API server is down.
     */
    private static final String ADDRESS = Loopback.network() + "0.1";

    /** On by default from Kubernetes 1.35 on. */
    private static final String FEATURES = "MaxUnavailableStatefulSet=true";

    private static TestCluster shared;
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    /** Who wrote what, apart from Leases and what was only tried out. */
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: None
                verbs: [get, list, watch]
              - level: None
                resources: [{group: coordination.k8s.io}]
              - level: None
                users: [admin, "system:apiserver"]
              - level: Metadata
            """;

    private final Path folder;
    private final String etcd;
    private final Path programs;
    private final Path apiServers;
    private final int etcdPort = freePort();
    private final int port = freePort();
    private final String token = UUID.randomUUID().toString();
    private final List<Process> processes = new ArrayList<>();
    private Process apiServer;

    private TestCluster() throws IOException, InterruptedException, GeneralSecurityException {
        programs = KubernetesComponents.folder("kube-controller-manager");
        apiServers = KubernetesComponents.apiServerFolder();
        etcd = KubernetesComponents.program(programs, "etcd", "etcd-server");
        folder = Files.createDirectories(Path.of(System.getProperty("tests.output", "target"), "cluster"));
        Files.writeString(folder.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
        writeServiceAccountKey();
        Files.writeString(kubeconfig(), kubeconfigText(token));
        Files.deleteIfExists(auditLog());
        Files.writeString(auditPolicy(), AUDIT_POLICY);
    }

    /** The one cluster, started when first asked for and stopped with the JVM. */
    public static synchronized TestCluster shared() {
        if (shared == null) {
            try {
                shared = new TestCluster();
                Runtime.getRuntime().addShutdownHook(new Thread(shared::stop));
                shared.start();
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException("the test cluster does not start", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    private void start() throws IOException {
        Path data = Files.createTempDirectory("pptp-operator-etcd");
        data.toFile().deleteOnExit();
        String url = "http://" + ADDRESS + ":" + etcdPort;
        processes.add(KubernetesComponents.start(folder,
                List.of(etcd, "--data-dir", data.toString(), "--listen-client-urls", url, "--advertise-client-urls",
                        url, "--listen-peer-urls", "http://" + ADDRESS + ":" + freePort(), "--unsafe-no-fsync")));
        startApiServer();
        try (KubernetesClient client = client()) {
            for (String crd : List.of("pptpservers", "vpnusers", "vpnprofiles")) {
                // On a machine that is busy, compiling its rules takes longer than a request waits.
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> client
                                .load(TestCluster.class.getResourceAsStream("/crds/" + crd + ".pptp-operator.io.yaml"))
                                .serverSideApply() != null);
            }
            waitUntilServed(client);
        }
        processes.add(KubernetesComponents.start(folder,
                List.of(programs.resolve("kube-controller-manager").toString(), "--feature-gates", FEATURES,
                        "--kubeconfig", kubeconfig().toString(), "--leader-elect=false", "--secure-port", "0",
                        "--controllers",
                        "statefulset-controller,daemonset-controller,garbage-collector-controller,"
                                + "namespace-controller,disruption-controller,serviceaccount-controller,"
                                + "clusterrole-aggregation-controller")));
    }

    private void waitUntilServed(KubernetesClient client) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .list()
                        .getItems()
                        .stream()
                        .filter(crd -> crd.getStatus()
                                .getConditions()
                                .stream()
                                .anyMatch(it -> it.getType().equals("Established") && it.getStatus().equals("True")))
                        .count() == 3);
        // Discovery and schemas follow a moment later; kubectl remembers for long what it finds.
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> client.raw("/apis/pptp-operator.io/v1alpha1").contains("\"vpnprofiles/status\"")
                        && client.raw("/openapi/v3/apis/pptp-operator.io/v1alpha1").contains("remoteip"));
    }

    private void startApiServer() throws IOException {
        apiServer = KubernetesComponents.start(folder, List.of(apiServers.resolve("kube-apiserver").toString(),
                "--etcd-servers", "http://" + ADDRESS + ":" + etcdPort, "--bind-address", ADDRESS,
                "--advertise-address", ADDRESS, "--secure-port", Integer.toString(port), "--cert-dir",
                folder.resolve("certificates").toString(), "--token-auth-file", folder.resolve("tokens.csv").toString(),
                "--authorization-mode", "RBAC", "--service-account-issuer", "https://kubernetes.default.svc",
                "--service-account-key-file", serviceAccountKey(), "--service-account-signing-key-file",
                serviceAccountKey(), "--service-cluster-ip-range", "10.0.0.0/24", "--disable-admission-plugins",
                "ServiceAccount", "--allow-privileged", "--feature-gates", FEATURES, "--endpoint-reconciler-type",
                "none", "--audit-policy-file", auditPolicy().toString(), "--audit-log-path", auditLog().toString()));
        try (KubernetesClient client = client()) {
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> "ok".equals(client.raw("/readyz")));
        }
    }

    /** Kills the API server, as a crash would. */
    public void killApiServer() {
        apiServer.destroyForcibly();
        await(apiServer);
    }

    /**
     * Starts the API server again after {@link #killApiServer}, with the same data at the same address; one that runs is
     * left alone.
     */
    public void restartApiServer() {
        if (apiServer.isAlive()) {
            return;
        }
        try {
            startApiServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How an administrator connects. */
    public Config config() {
        return new ConfigBuilder(Config.empty()).withMasterUrl("https://" + ADDRESS + ":" + port)
                .withOauthToken(token)
                .withTrustCerts(true)
                .withNamespace("default")
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    /** A client of an administrator. */
    public KubernetesClient client() {
        return KubernetesClients.create(config());
    }

    /** How a service account connects: with its rights and no more. */
    public Config configOf(String namespace, String serviceAccount) {
        return new ConfigBuilder(config())
                .withImpersonateUsername("system:serviceaccount:" + namespace + ":" + serviceAccount)
                .withImpersonateGroups("system:serviceaccounts", "system:serviceaccounts:" + namespace,
                        "system:authenticated")
                .withNamespace(namespace)
                .build();
    }

    /** A kubeconfig by which a process connects as a service account, with a token as pods have it. */
    public Path kubeconfigOf(String namespace, String serviceAccount) {
        try (KubernetesClient client = client()) {
            client.resource(new ServiceAccountBuilder().withNewMetadata()
                    .withName(serviceAccount)
                    .withNamespace(namespace)
                    .endMetadata()
                    .build()).serverSideApply();
            String issued = client.serviceAccounts()
                    .inNamespace(namespace)
                    .withName(serviceAccount)
                    .tokenRequest(
                            new TokenRequestBuilder().withNewSpec().withExpirationSeconds(3600L).endSpec().build())
                    .getStatus()
                    .getToken();
            return Files.writeString(folder.resolve("kubeconfig-" + namespace), kubeconfigText(issued));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a namespace that nobody else uses. */
    public String newNamespace(String prefix) {
        String name = prefix + "-" + NAMESPACES.incrementAndGet();
        try (KubernetesClient client = client()) {
            client.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
        }
        return name;
    }

    /** What kubectl prints, errors included. */
    public String kubectl(String... arguments) {
        var command = new ArrayList<>(List.of(KubernetesComponents.program(programs, "kubectl", "kubernetes-client"),
                "--kubeconfig", kubeconfig().toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path auditPolicy() {
        return folder.resolve("audit-policy.yaml");
    }

    /** A line of JSON for each write of anybody but the administrator. */
    public Path auditLog() {
        return folder.resolve("audit.log");
    }

    /** How an administrator connects, for programs. */
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    private String kubeconfigText(String bearer) {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test, user: admin}}]
                clusters: [{name: test, cluster: {server: "https://%s:%d", insecure-skip-tls-verify: true}}]
                users: [{name: admin, user: {token: "%s"}}]
                """.formatted(ADDRESS, port, bearer);
    }

    private String serviceAccountKey() {
        return folder.resolve("service-account.key").toString();
    }

    private void writeServiceAccountKey() throws IOException, GeneralSecurityException {
        byte[] key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
        Files.writeString(Path.of(serviceAccountKey()), "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(key) + "\n-----END PRIVATE KEY-----\n");
    }

    private void stop() {
        processes.forEach(Process::destroyForcibly);
        if (apiServer != null) {
            apiServer.destroyForcibly();
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
