package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The container that serves PPTP, and the volumes it needs. */
final class DataPlaneContainer {

    /** The port that PPTP clients dial; they know no other. */
    static final int PPTP_PORT = 1723;

    /** The name of the administration port. */
    static final String ADMIN = "admin";

    /** Where pods answer probes, unless the spec says otherwise. */
    private static final int PROBE_PORT = 9724;
    private static final String LOOPBACK = "127.0.0.1";

    private static final String CONFIGURATION = "/etc/pptp/config";
    private static final Path TLS = Path.of("/etc/pptp/admin-tls");
    private static final String TUN = "/dev/net/tun";

    private DataPlaneContainer() {}

    /** Where the data plane's administration port is, and which files it needs for mutual TLS. */
    static ServerConfig.Admin admin(PptpServer server) {
        return new ServerConfig.Admin(Ipv4Address.ANY, server.getSpec().adminPort(), Optional
                .of(new ServerConfig.Tls(TLS.resolve("tls.crt"), TLS.resolve("tls.key"), TLS.resolve("ca.crt"))));
    }

    static Container container(PptpServer server, String defaultImage) {
        String image = server.getSpec().image();
        Optional<Integer> probePort = probePort(server);
        var container = new ContainerBuilder().withName("pptp")
                .withImage(image == null ? defaultImage : image)
                .withArgs("serve", "--server", CONFIGURATION + "/$(PPTP_MEMBER).yaml", "--users",
                        CONFIGURATION + "/users.yaml")
                .addNewEnv()
                .withName("PPTP_MEMBER")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(isPerNode(server) ? "spec.nodeName" : "metadata.name")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                // A DaemonSet's pod is there before the operator has seen it, and given its node a share.
                .addNewEnv()
                .withName("PPTP_WAIT_FOR_FILES")
                .withValue("true")
                .endEnv()
                .addAllToEnv(probesAddress(server, probePort))
                // What a pod says before it gives up is then its status's message, whoever looks.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withPorts(ports(server))
                .withSecurityContext(securityContext(server))
                .withVolumeMounts(mounts())
                .withStartupProbe(probe(server, probePort, "/healthz", 1, 120))
                .withLivenessProbe(probe(server, probePort, "/healthz", 10, 6))
                .withReadinessProbe(probe(server, probePort, "/readyz", 5, 2));
        if (server.getSpec().imagePullPolicy() != null) {
            container.withImagePullPolicy(server.getSpec().imagePullPolicy().name());
        }
        return container.withResources(DataPlaneResources.of(server)).build();
    }

    private static boolean isPerNode(PptpServer server) {
        return server.getSpec().workload() == Workload.DaemonSet;
    }

    private static List<ContainerPort> ports(PptpServer server) {
        return List.of(port(server, "pptp", PPTP_PORT), port(server, ADMIN, server.getSpec().adminPort()));
    }

    /** On the host network the port is the node's: said plainly, the scheduler does not put two on one node. */
    private static ContainerPort port(PptpServer server, String name, int number) {
        return new ContainerPortBuilder().withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .withHostPort(isOnHost(server) ? number : null)
                .build();
    }

    private static SecurityContext securityContext(PptpServer server) {
        return switch (server.getSpec().pod().securityProfile()) {
            case Privileged -> new SecurityContextBuilder().withPrivileged(true)
                    .withRunAsUser(0L)
                    .withReadOnlyRootFilesystem(true)
                    .build();
            case Capabilities -> new SecurityContextBuilder().withNewCapabilities()
                    .withDrop("ALL")
                    .withAdd("NET_ADMIN", "NET_RAW")
                    .endCapabilities()
                    .withAllowPrivilegeEscalation(false)
                    .withRunAsUser(0L)
                    .withReadOnlyRootFilesystem(true)
                    .withNewSeccompProfile()
                    .withType("RuntimeDefault")
                    .endSeccompProfile()
                    .build();
        };
    }

    /**
     * Where the kubelet's probes are answered apart from the administration port, whose TLS a stranger can keep busy.
     * An image of the spec's may be older than this operator, and then answers them there alone.
     */
    private static Optional<Integer> probePort(PptpServer server) {
        Integer wanted = server.getSpec().probePort();
        if (wanted == null) {
            int usual = server.getSpec().adminPort() == PROBE_PORT ? PROBE_PORT + 1 : PROBE_PORT;
            return server.getSpec().image() == null ? Optional.of(usual) : Optional.empty();
        }
        return wanted == 0 ? Optional.empty() : Optional.of(wanted);
    }

    /** An environment variable, because older images refuse arguments and settings that they do not know. */
    private static List<EnvVar> probesAddress(PptpServer server, Optional<Integer> port) {
        if (port.isEmpty()) {
            return List.of();
        }
        var probes = new EnvVarBuilder().withName("PPTP_PROBES");
        if (isOnHost(server)) {
            return List.of(probes.withValue(LOOPBACK + ":" + port.get()).build());
        }
        return List.of(new EnvVarBuilder().withName("POD_IP")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("status.podIP")
                .endFieldRef()
                .endValueFrom()
                .build(), probes.withValue("$(POD_IP):" + port.get()).build());
    }

    private static boolean isOnHost(PptpServer server) {
        return server.getSpec().exposure().type() == Exposure.Type.HostNetwork;
    }

    /** The kubelet has no client certificate; the data plane answers these two paths without one. */
    private static Probe probe(PptpServer server, Optional<Integer> port, String path, int periodSeconds,
            int failures) {
        return new ProbeBuilder().withNewHttpGet()
                .withScheme(port.isPresent() ? "HTTP" : "HTTPS")
                .withPath(path)
                .withHost(port.isPresent() && isOnHost(server) ? LOOPBACK : null)
                .withNewPort(port.orElse(server.getSpec().adminPort()))
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withFailureThreshold(failures)
                .withTimeoutSeconds(3)
                .build();
    }

    private static List<VolumeMount> mounts() {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(mount("configuration", CONFIGURATION, true));
        mounts.add(mount("admin-tls", TLS.toString(), true));
        mounts.add(mount("tun", TUN, false));
        // The root file system is read-only, and the JVM unpacks its native libraries into /tmp.
        mounts.add(mount("tmp", "/tmp", false));
        return mounts;
    }

    private static VolumeMount mount(String name, String path, boolean readOnly) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).withReadOnly(readOnly ? true : null).build();
    }

    static List<Volume> volumes(PptpServer server) {
        return List.of(
                new VolumeBuilder().withName("configuration")
                        .withNewSecret()
                        .withDefaultMode(0400)
                        .withSecretName(Names.configuration(server))
                        .endSecret()
                        .build(),
                new VolumeBuilder().withName("admin-tls")
                        .withNewSecret()
                        .withDefaultMode(0400)
                        .withSecretName(Names.adminTls(server))
                        .endSecret()
                        .build(),
                new VolumeBuilder().withName("tun").withNewHostPath(TUN, "CharDevice").build(),
                new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    }
}
