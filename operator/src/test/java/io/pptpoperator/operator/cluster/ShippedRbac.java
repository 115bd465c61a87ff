package io.pptpoperator.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleRefBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.awaitility.Awaitility;

/** The roles that an installation ships, bound to the operator's service account the way an installation binds them. */
public final class ShippedRbac {

    /** The service account. */
    public static final String SERVICE_ACCOUNT = "pptp-operator";

    private static final Path FOLDER = Repository.root().resolve("deploy/helm/pptp-operator/files/rbac");

    private ShippedRbac() {}

    /**
     * Lets the operator of a namespace look after that namespace alone, as an installation for one namespace does. As
     * with all of these, the rights are in force when it returns: the API server's authorizer hears of them a moment
     * after they are written.
     */
    public static void bindIn(KubernetesClient client, String namespace) {
        bindWithoutNodesIn(client, namespace);
        client.resource(new ClusterRoleBindingBuilder().withNewMetadata()
                .withName("nodes-for-" + namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "pptp-operator-nodes")
                .withSubjects(subject(namespace))
                .build()).serverSideApply();
        awaitRight(client, namespace, "", "", "nodes");
    }

    /** As {@link #bindIn}, where nobody may give away rights on nodes. */
    public static void bindWithoutNodesIn(KubernetesClient client, String namespace) {
        for (HasMetadata role : load(client)) {
            switch (role) {
                case ClusterRole it -> client.resource(it).serverSideApply();
                case Role it -> {
                    it.getMetadata().setNamespace(namespace);
                    client.resource(it).serverSideApply();
                }
                default -> throw new AssertionError("a file of roles has a " + role.getKind());
            }
        }
        bind(client, namespace, "Role", "pptp-operator");
        bind(client, namespace, "ClusterRole", "pptp-operator");
        awaitRight(client, namespace, namespace, "coordination.k8s.io", "leases");
        awaitRight(client, namespace, namespace, "pptp-operator.io", "vpnusers");
    }

    /**
     * Lets the operator of a namespace look after several by name, as an installation with a list of namespaces does.
     *
     * @param seesLabels whether it may see these namespaces, as the chart has it unless told otherwise
     */
    public static void bindIn(KubernetesClient client, String namespace, Set<String> watched, boolean seesLabels) {
        bindIn(client, namespace);
        for (String other : watched) {
            client.resource(new RoleBindingBuilder().withNewMetadata()
                    .withName("operator-of-" + namespace)
                    .withNamespace(other)
                    .endMetadata()
                    .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "pptp-operator")
                    .withSubjects(subject(namespace))
                    .build()).serverSideApply();
            awaitRight(client, namespace, other, "pptp-operator.io", "vpnusers");
        }
        if (seesLabels) {
            seeLabels(client, namespace, watched);
        }
    }

    private static void seeLabels(KubernetesClient client, String namespace, Set<String> watched) {
        ClusterRole shipped = load(client).stream()
                .filter(ClusterRole.class::isInstance)
                .map(ClusterRole.class::cast)
                .filter(it -> it.getMetadata().getName().equals("pptp-operator-namespaces"))
                .findFirst()
                .orElseThrow();
        shipped.getMetadata().setName("namespaces-for-" + namespace);
        shipped.getRules().forEach(rule -> rule.setResourceNames(List.copyOf(watched)));
        client.resource(shipped).serverSideApply();
        client.resource(new ClusterRoleBindingBuilder().withNewMetadata()
                .withName("namespaces-for-" + namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "namespaces-for-" + namespace)
                .withSubjects(subject(namespace))
                .build()).serverSideApply();
        var review = new SubjectAccessReviewBuilder().withNewSpec()
                .withUser("system:serviceaccount:" + namespace + ":" + SERVICE_ACCOUNT)
                .withNewResourceAttributes()
                .withResource("namespaces")
                .withName(watched.iterator().next())
                .withVerb("watch")
                .endResourceAttributes()
                .endSpec()
                .build();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.authorization().v1().subjectAccessReview().create(review).getStatus().getAllowed());
    }

    /** Lets the operator of a namespace look after all namespaces, as an installation for a cluster does. */
    public static void bindEverywhere(KubernetesClient client, String namespace) {
        bindIn(client, namespace);
        client.rbac().roleBindings().inNamespace(namespace).withName("clusterrole-pptp-operator").delete();
        client.resource(new ClusterRoleBindingBuilder().withNewMetadata()
                .withName("all-for-" + namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "pptp-operator")
                .withSubjects(subject(namespace))
                .build()).serverSideApply();
        awaitRight(client, namespace, "", "pptp-operator.io", "vpnusers");
    }

    /**
     * Waits until the operator of a namespace may get objects of a kind.
     *
     * @param where a namespace, or "" for all of them
     */
    private static void awaitRight(KubernetesClient client, String namespace, String where, String group,
            String resource) {
        var review = new SubjectAccessReviewBuilder().withNewSpec()
                .withUser("system:serviceaccount:" + namespace + ":" + SERVICE_ACCOUNT)
                .withNewResourceAttributes()
                .withNamespace(where)
                .withGroup(group)
                .withResource(resource)
                .withVerb("get")
                .endResourceAttributes()
                .endSpec()
                .build();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.authorization().v1().subjectAccessReview().create(review).getStatus().getAllowed());
    }

    /** Takes back what {@link #bindEverywhere} gave. */
    public static void unbindEverywhere(KubernetesClient client, String namespace) {
        client.rbac().clusterRoleBindings().withName("all-for-" + namespace).delete();
    }

    private static void bind(KubernetesClient client, String namespace, String kind, String role) {
        client.resource(new RoleBindingBuilder().withNewMetadata()
                .withName(kind.toLowerCase(Locale.ROOT) + "-" + role)
                .withNamespace(namespace)
                .endMetadata()
                .withRoleRef(new RoleRefBuilder().withApiGroup("rbac.authorization.k8s.io")
                        .withKind(kind)
                        .withName(role)
                        .build())
                .withSubjects(subject(namespace))
                .build()).serverSideApply();
    }

    private static Subject subject(String namespace) {
        return new SubjectBuilder().withKind("ServiceAccount")
                .withName(SERVICE_ACCOUNT)
                .withNamespace(namespace)
                .build();
    }

    private static List<HasMetadata> load(KubernetesClient client) {
        try {
            return List.of("operator.yaml", "users.yaml").stream().flatMap(file -> {
                try {
                    return client.load(Files.newInputStream(FOLDER.resolve(file))).items().stream();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (UncheckedIOException e) {
            throw new IllegalStateException("the shipped roles are not in " + FOLDER, e);
        }
    }
}
