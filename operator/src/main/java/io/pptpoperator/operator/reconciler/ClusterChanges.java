package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Secret;
import io.pptpoperator.crds.PodSettings;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.reconciler.controller.Wakeups;
import io.pptpoperator.operator.reconciler.writing.PasswordWriter;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.SecretMark;
import io.pptpoperator.operator.roster.UserSelector;
import io.pptpoperator.operator.session.Disconnection;
import io.pptpoperator.operator.status.StatusQueue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Which servers and users have to be looked at when something in the cluster changes. */
final class ClusterChanges {

    private final Caches caches;
    private final Wakeups wakeups;
    private final StatusQueue statuses;
    private final PasswordWriter passwords;

    ClusterChanges(Caches caches, Wakeups wakeups, StatusQueue statuses, PasswordWriter passwords) {
        this.passwords = passwords;
        this.caches = caches;
        this.wakeups = wakeups;
        this.statuses = statuses;
    }

    /**
     * Listens to all caches; to be called before they are started.
     *
     * @param serverGone is told of servers that are deleted
     * @param disconnect is told of users whose annotation asks for sessions to be ended, when that is new
     */
    void listen(Consumer<PptpServer> serverGone, Consumer<VpnUser> disconnect) {
        caches.users().onChange(this::userChanged);
        caches.users().onChange((before, after) -> {
            if (before != null && after != null && Disconnection.text(after).isPresent()
                    && !Disconnection.text(after).equals(Disconnection.text(before))) {
                disconnect.accept(after);
            }
        });
        caches.profiles().onChange(this::profileChanged);
        caches.secrets().onChange(this::secretChanged);
        caches.pods().onChange((before, after) -> wakeOwner(after == null ? before : after));
        caches.allMade().forEach(made -> made.onChange((before, after) -> wakeOwner(after == null ? before : after)));
        caches.namespaces().ifPresent(namespaces -> namespaces.onChange(this::namespaceChanged));
        caches.nodes().ifPresent(nodes -> nodes.onChange(this::nodeChanged));
        caches.servers().onChange((before, after) -> {
            PptpServer server = after == null ? before : after;
            if (after == null) {
                serverGone.accept(server);
            } else if (before == null || isOther(before, after)) {
                wakeups.wakeServer(ObjectKey.of(server));
            }
            if (before == null || after == null || after.isBeingDeleted() != before.isBeingDeleted()) {
                offerUsersThatName(ObjectKey.of(server));
            } else if (!before.getSpec().users().equals(after.getSpec().users())) {
                offerUsersThatName(ObjectKey.of(after));
            }
        });
    }

    /** Has everything done for all users and profiles that may be left to do; for an operator that begins. */
    void attendToAll() {
        caches.users().stream().forEach(this::attendTo);
        caches.profiles().stream().forEach(it -> statuses.offer(VpnProfile.class, ObjectKey.of(it)));
    }

    private void attendTo(VpnUser user) {
        passwords.offer(user);
        statuses.offer(VpnUser.class, ObjectKey.of(user));
    }

    private static boolean isOther(HasMetadata before, HasMetadata after) {
        return !Objects.equals(before.getMetadata().getGeneration(), after.getMetadata().getGeneration()) || !Objects
                .equals(before.getMetadata().getDeletionTimestamp(), after.getMetadata().getDeletionTimestamp());
    }

    private void userChanged(VpnUser before, VpnUser after) {
        VpnUser user = after == null ? before : after;
        boolean news = before == null || after == null || isOther(before, after)
                || !labels(before).equals(labels(after));
        if (news) {
            caches.servers()
                    .stream()
                    .filter(server -> UserSelector.covers(server, user.getMetadata().getNamespace()))
                    .forEach(server -> wakeups.wakeServer(ObjectKey.of(server)));
            attendTo(user);
        }
    }

    /** The servers of its namespace may have users with it. */
    private void profileChanged(VpnProfile before, VpnProfile after) {
        VpnProfile profile = after == null ? before : after;
        if (before == null || after == null || isOther(before, after)) {
            caches.servers()
                    .stream()
                    .map(ObjectKey::of)
                    .filter(server -> server.namespace().equals(profile.getMetadata().getNamespace()))
                    .forEach(wakeups::wakeServer);
            statuses.offer(VpnProfile.class, ObjectKey.of(profile));
        }
    }

    /** Labels say which servers may serve a namespace's users. */
    private void namespaceChanged(Namespace before, Namespace after) {
        if (before != null && after != null && labels(before).equals(labels(after))) {
            return;
        }
        String name = (after == null ? before : after).getMetadata().getName();
        caches.servers()
                .stream()
                .filter(server -> !server.getMetadata().getNamespace().equals(name)
                        && UserSelector.covers(server, name))
                .forEach(server -> wakeups.wakeServer(ObjectKey.of(server)));
        caches.users()
                .stream()
                .filter(user -> user.getMetadata().getNamespace().equals(name))
                .forEach(user -> statuses.offer(VpnUser.class, ObjectKey.of(user)));
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }

    private void secretChanged(Secret before, Secret after) {
        Secret secret = after == null ? before : after;
        wakeOwner(secret);
        if (before != null && after != null && Objects.equals(before.getData(), after.getData())
                && PasswordMark.isOn(before) == PasswordMark.isOn(after)
                && SecretMark.RADIUS.isIn(before.getMetadata().getLabels()) == SecretMark.RADIUS
                        .isIn(after.getMetadata().getLabels())) {
            return;
        }
        caches.servers()
                .stream()
                .filter(server -> readsForRadius(server, ObjectKey.of(secret)))
                .forEach(server -> wakeups.wakeServer(ObjectKey.of(server)));
        List<VpnUser> readers = caches.users().byIndex(ObjectKey.of(secret).toString());
        readers.stream()
                .map(user -> user.getMetadata().getNamespace())
                .distinct()
                .flatMap(namespace -> caches.servers().stream().filter(it -> UserSelector.covers(it, namespace)))
                .distinct()
                .forEach(server -> wakeups.wakeServer(ObjectKey.of(server)));
        readers.forEach(passwords::offer);
    }

    private static boolean readsForRadius(PptpServer server, ObjectKey secret) {
        return server.getSpec().radius() != null && server.getMetadata().getNamespace().equals(secret.namespace())
                && server.getSpec().radius().secrets().contains(secret.name());
    }

    private void wakeOwner(HasMetadata object) {
        String server = labels(object).get(Labels.SERVER);
        if (server != null) {
            wakeups.wakeServer(new ObjectKey(object.getMetadata().getNamespace(), server));
        }
    }

    private void nodeChanged(Node before, Node after) {
        Node node = after == null ? before : after;
        boolean moved = before == null || after == null
                || !before.getStatus().getAddresses().equals(after.getStatus().getAddresses());
        if (before == null || after == null || !placement(before).equals(placement(after))) {
            caches.servers()
                    .stream()
                    .filter(server -> server.isReadable() && isPicky(server))
                    .forEach(server -> wakeups.wakeServer(ObjectKey.of(server)));
        }
        if (moved) {
            caches.pods()
                    .stream()
                    .filter(pod -> node.getMetadata().getName().equals(pod.getSpec().getNodeName()))
                    .flatMap(pod -> Stream.ofNullable(labels(pod).get(Labels.SERVER))
                            .map(server -> new ObjectKey(pod.getMetadata().getNamespace(), server)))
                    .forEach(server -> statuses.offer(PptpServer.class, server));
        }
    }

    /** What decides which pods a node takes. */
    private static List<Object> placement(Node node) {
        return Arrays.asList(node.getMetadata().getLabels(),
                node.getSpec() == null ? null : node.getSpec().getTaints());
    }

    /** Whether not every node takes its pods. */
    private static boolean isPicky(PptpServer server) {
        PodSettings pod = server.getSpec().pod();
        return !pod.nodeSelector().isEmpty() || !pod.tolerations().isEmpty();
    }

    private void offerUsersThatName(ObjectKey server) {
        caches.users()
                .stream()
                .filter(user -> UserSelector.names(user, server))
                .forEach(user -> statuses.offer(VpnUser.class, ObjectKey.of(user)));
    }
}
