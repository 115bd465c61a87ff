package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PodSettings;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.config.ServerConfig;
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

    private static final String CONFIGURATION = "/etc/pptp/config";
    private static final Path TLS = Path.of("/etc/pptp/admin-tls");
    private static final String TUN = "/dev/net/tun";

    private DataPlaneContainer() {}

    /** Where the data plane's administration port is, and which files it needs for mutual TLS. */
    static ServerConfig.Admin admin(PptpServer server) {
        return new ServerConfig.Admin(Ipv4Address.ANY, server.getSpec().adminPort(), Optional.of(
                new ServerConfig.Tls(TLS.resolve("tls.crt"), TLS.resolve("tls.key"), TLS.resolve("ca.crt"))));
    }

    static Container container(PptpServer server, String defaultImage) {
        String image = server.getSpec().image();
        PodSettings.Resources resources = server.getSpec().pod().resources();
        var container = new ContainerBuilder().withName("pptp")
                .withImage(image == null ? defaultImage : image)
                .withArgs("serve", "--server", CONFIGURATION + "/$(PPTP_MEMBER).yaml", "--users",
                        CONFIGURATION + "/users.yaml")
                .addNewEnv().withName("PPTP_MEMBER").withNewValueFrom().withNewFieldRef().withApiVersion("v1")
                .withFieldPath(isPerNode(server) ? "spec.nodeName" : "metadata.name").endFieldRef()
                .endValueFrom()
                .endEnv().withPorts(ports(server)).withSecurityContext(securityContext(server))
                .withVolumeMounts(mounts()).withStartupProbe(probe(server, "/healthz", 1, 120))
                .withLivenessProbe(probe(server, "/healthz", 10, 6))
                .withReadinessProbe(probe(server, "/readyz", 5, 2));
        if (server.getSpec().imagePullPolicy() != null) {
            container.withImagePullPolicy(server.getSpec().imagePullPolicy().name());
        }
        if (resources != null) {
            container.withResources(new ResourceRequirementsBuilder().withRequests(resources.requests())
                    .withLimits(resources.limits()).build());
        }
        return container.build();
    }

    private static boolean isPerNode(PptpServer server) {
        return server.getSpec().workload() == Workload.DaemonSet;
    }

    private static List<ContainerPort> ports(PptpServer server) {
        return List.of(port(server, "pptp", PPTP_PORT), port(server, ADMIN, server.getSpec().adminPort()));
    }

    /** On the host network the port is the node's: said plainly, the scheduler does not put two on one node. */
    private static ContainerPort port(PptpServer server, String name, int number) {
        boolean onHost = server.getSpec().exposure().type() == Exposure.Type.HostNetwork;
        return new ContainerPortBuilder().withName(name).withContainerPort(number).withProtocol("TCP")
                .withHostPort(onHost ? number : null).build();
    }

    private static SecurityContext securityContext(PptpServer server) {
        return switch (server.getSpec().pod().securityProfile()) {
            case Privileged -> new SecurityContextBuilder().withPrivileged(true).withRunAsUser(0L)
                    .withReadOnlyRootFilesystem(true).build();
            case Capabilities -> new SecurityContextBuilder().withNewCapabilities().withDrop("ALL")
                    .withAdd("NET_ADMIN", "NET_RAW").endCapabilities().withAllowPrivilegeEscalation(false)
                    .withRunAsUser(0L).withReadOnlyRootFilesystem(true).withNewSeccompProfile()
                    .withType("RuntimeDefault").endSeccompProfile().build();
        };
    }

    /** The kubelet has no client certificate; the data plane answers these two paths without one. */
    private static Probe probe(PptpServer server, String path, int periodSeconds, int failures) {
        return new ProbeBuilder().withNewHttpGet().withScheme("HTTPS").withPath(path)
                .withNewPort(server.getSpec().adminPort()).endHttpGet().withPeriodSeconds(periodSeconds)
                .withFailureThreshold(failures).withTimeoutSeconds(3).build();
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
        return new VolumeMountBuilder().withName(name).withMountPath(path)
                .withReadOnly(readOnly ? true : null).build();
    }

    static List<Volume> volumes(PptpServer server) {
        return List.of(
                new VolumeBuilder().withName("configuration").withNewSecret().withDefaultMode(0400)
                        .withSecretName(Names.configuration(server)).endSecret().build(),
                new VolumeBuilder().withName("admin-tls").withNewSecret().withDefaultMode(0400)
                        .withSecretName(Names.adminTls(server)).endSecret().build(),
                new VolumeBuilder().withName("tun").withNewHostPath(TUN, "CharDevice").build(),
                new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    }
}
