package io.pptpoperator.operator.reconciler.polling;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.pki.OperatorPki;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.session.AdminClient;
import io.pptpoperator.operator.session.AnswerMemory;
import io.pptpoperator.operator.session.PodReport;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The administration ports of all servers' pods, talked to with the operator's certificates of now. */
final class AdminPorts implements AutoCloseable {

    /** An eighth of the smallest memory that the operator is given. */
    private static final long MAX_UNREAD = 48L << 20;

    private final Caches caches;
    private final PkiStore pki;
    private final Executor calls;
    private final AnswerMemory memory = new AnswerMemory(MAX_UNREAD);
    private final Map<ObjectKey, Connection> connections = new ConcurrentHashMap<>();

    private record Connection(OperatorPki pki, AdminClient client) {}

    /** @param calls runs what is asynchronous */
    AdminPorts(Caches caches, PkiStore pki, Executor calls) {
        this.caches = caches;
        this.pki = pki;
        this.calls = calls;
    }

    /** Asks a pod for its sessions and logins. */
    PodReport report(PptpServer server, Pod pod) throws IOException, InterruptedException {
        return client(server).report(address(server, pod), pod.getMetadata().getUid(), Names.member(pod));
    }

    /** Ends a session at a pod. */
    void end(PptpServer server, Pod pod, String session) throws IOException, InterruptedException {
        client(server).end(address(server, pod), session);
    }

    private static String address(PptpServer server, Pod pod) {
        return pod.getStatus().getPodIP() + ":" + ServerObjects.adminPort(server, pod);
    }

    private AdminClient client(PptpServer server) {
        OperatorPki current = pki.current();
        return connections.compute(ObjectKey.of(server), (key, connection) -> {
            if (connection != null && connection.pki.equals(current)) {
                return connection;
            }
            if (connection != null) {
                connection.client.close();
            }
            return new Connection(current, new AdminClient(current, Names.adminHost(server), calls, memory));
        }).client();
    }

    /** Closes the connections to servers that are gone. */
    void tidyUp() {
        connections.entrySet().removeIf(it -> {
            boolean gone = caches.servers().get(it.getKey()).isEmpty();
            if (gone) {
                it.getValue().client.close();
            }
            return gone;
        });
    }

    @Override
    public void close() {
        connections.values().forEach(connection -> connection.client.close());
    }
}
