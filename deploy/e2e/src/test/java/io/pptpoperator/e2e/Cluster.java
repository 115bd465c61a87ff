package io.pptpoperator.e2e;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.LabException;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The one cluster of a test run: a control plane with a kubelet, the project's images, deploy/install.yaml, and a
 * server on the node's network. Test classes take it as they find it and {@link #serve}; each makes users of its own.
 */
final class Cluster {

    /** Guards against waiting for ever. On an idle machine nothing takes a quarter of it. */
    static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The namespace of the server and its users. */
    static final String VPN = "vpn";

    private static final String SERVER = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: vpn, labels: {pod-security.kubernetes.io/enforce: privileged}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: office, namespace: vpn}
            spec:
              localIP: 192.168.77.1
              pools: [192.168.77.100-200]
              useClusterDNS: true
              drainTimeout: 3s
            """;
    /** What pppd says when a call is over, or came to nothing. */
    private static final String OVER = "authentication failed|Modem hangup|Connection terminated|terminated by peer";

    private static Cluster shared;

    private final Node node;
    private final List<Path> images;

    private Cluster(Lab lab) {
        // Our own client, which the lab starts beside the guests.
        System.setProperty("interop.launcher", Path.of(System.getProperty("java.home"), "bin", "java") + " -jar "
                + Repository.text("dataplane/target/pptp-dataplane.jar"));
        images = Images.build();
        node = Node.start(lab.serverHost(), images);
        node.kubectl("apply", "--server-side", "--filename", Repository.text("deploy/crds.yaml"), "--filename",
                Repository.text("deploy/install.yaml"));
        awaitOperator();
    }

    /** The cluster of this run, started when first asked for. */
    static synchronized Cluster shared(Lab lab) {
        if (shared == null) {
            shared = new Cluster(lab);
        }
        return shared;
    }

    /** Removes it, if it was started. */
    static synchronized void remove() {
        if (shared != null) {
            shared.node.close();
            shared = null;
        }
    }

    Node node() {
        return node;
    }

    /** The project's images. */
    List<Path> images() {
        return images;
    }

    /** Takes every server away: a node's network has room for one. */
    void clearNodes() {
        node.kubectl("delete", "pptpservers", "--all", "--all-namespaces");
        Await.until("no server is left on the node", PATIENCE, () -> !node.on("ip", "link").contains("pptpd"));
    }

    /** Waits until as many operators are ready as there shall be. */
    void awaitOperator() {
        node.kubectl("rollout", "status", "--namespace", "pptp-system", "deployment/pptp-operator", "--timeout",
                seconds());
    }

    /** Brings the server up, if it is not, as this class has it. */
    void serve() {
        node.apply(SERVER);
        awaitReady("pptps/office");
    }

    /** The server's manifest, for another namespace that admits other pods. */
    static String serverOf(String namespace, String podSecurity) {
        return SERVER.replace("name: vpn,", "name: " + namespace + ",")
                .replace("namespace: vpn", "namespace: " + namespace)
                .replace("enforce: privileged", "enforce: " + podSecurity);
    }

    /** Makes a user of the server, or makes one what it was. */
    void user(String name, String password) {
        user(VPN, name, password);
    }

    /** Makes a user in a namespace, with its password in a Secret NAME-secret. */
    void user(String namespace, String name, String password) {
        node.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: "%1$s-secret", namespace: "%2$s", labels: {pptp-operator.io/password: "true"}}
                stringData: {password: "%3$s"}
                ---
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata: {name: "%1$s", namespace: "%2$s"}
                spec: {enabled: true, password: {secretKeyRef: {name: "%1$s-secret", key: password}}}
                """.formatted(name, namespace, password));
    }

    void awaitReady(String object) {
        awaitReady(VPN, object);
    }

    void awaitReady(String namespace, String object) {
        node.kubectl("wait", "--namespace", namespace, object, "--for", "condition=Ready", "--timeout", seconds());
    }

    private static String seconds() {
        return PATIENCE.toSeconds() + "s";
    }

    /** A field of an object beside the server. */
    String field(String object, String path) {
        return field(VPN, object, path);
    }

    String field(String namespace, String object, String path) {
        return node.kubectl("get", "--namespace", namespace, object, "--output", "jsonpath={" + path + "}");
    }

    void awaitField(String object, String path, String value) {
        awaitField(VPN, object, path, value);
    }

    void awaitField(String namespace, String object, String path, String value) {
        Await.until(object + " has " + path + " " + value, PATIENCE,
                () -> field(namespace, object, path).equals(value));
    }

    void patch(String object, String patch) {
        node.kubectl("patch", "--namespace", VPN, object, "--type", "merge", "--patch", patch);
    }

    /** A login as the server wants it. */
    static Dial dial(String user, String password) {
        return dial(Lab.SERVER, user, password);
    }

    static Dial dial(String server, String user, String password) {
        return Dial.to(server, user, password).with("require-mppe-128");
    }

    /**
     * Connects. Changes of users and passwords reach a pod within seconds; until then it refuses, and is dialled again.
     */
    static PppClient connect(Guest guest, Dial dial) {
        long start = System.nanoTime();
        while (true) {
            PppClient client = PppClient.start(guest, dial);
            client.output().await("remote IP address|" + OVER, PATIENCE);
            if (client.output().has("remote IP address")) {
                return client;
            }
            client.close();
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new LabException(dial.user() + " does not get in:\n" + client.output().lastLines());
            }
        }
    }

    /** Waits until the server has ended a client's session. */
    static void awaitEnd(PppClient client) {
        client.output().await(OVER, PATIENCE);
    }

    /** Waits until a login is refused because of the password. */
    static void awaitRefusal(Guest guest, Dial dial) {
        Await.until(dial.user() + " is refused", PATIENCE, () -> {
            try (var client = PppClient.start(guest, dial)) {
                client.output().await("remote IP address|" + OVER, PATIENCE);
                return client.output().has("authentication failed");
            }
        });
    }

    /** Whether packets pass; the guests lose one now and then when the machine is busy. */
    static boolean reaches(Guest guest, String address) {
        return guest.pings(address) > 0;
    }
}
