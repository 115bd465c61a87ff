package io.pptpoperator.operator.roster;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.UserSelection;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec;
import io.pptpoperator.operator.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which VpnUsers are meant for a server: the server selects users, and a user may narrow that down to some servers. */
public final class UserSelector {

    private static final String EVERY_NAMESPACE = "*";
    private static final String USERS = "users";

    private UserSelector() {}

    /**
     * Whether the user is meant for the server, from both sides. Neither is any more once it is being deleted,
     * whoever's finalizer holds it.
     */
    public static boolean matches(PptpServer server, VpnUser user) {
        return !user.isBeingDeleted() && !server.isBeingDeleted() && selects(server, user)
                && names(user, ObjectKey.of(server));
    }

    /**
     * Whether the server considers VpnUsers of a namespace at all. One whose selection cannot be read considers nobody:
     * it might have left out whom a guess would let in.
     */
    public static boolean covers(PptpServer server, String namespace) {
        if (!server.isReadable(USERS)) {
            return false;
        }
        List<String> namespaces = server.getSpec().users().namespaces();
        return namespaces.isEmpty()
                ? namespace.equals(server.getMetadata().getNamespace())
                : namespaces.contains(EVERY_NAMESPACE) || namespaces.contains(namespace);
    }

    /** Whether the server selects the user, by namespace and labels. One that asks RADIUS alone selects nobody. */
    public static boolean selects(PptpServer server, VpnUser user) {
        LabelSelector selector = server.getSpec().users().selector();
        return covers(server, user.getMetadata().getNamespace())
                && server.getSpec().users().source() != UserSelection.Source.Radius
                && (selector == null || matches(selector, user.getMetadata().getLabels()));
    }

    /** Whether the user's own list of servers allows this one. */
    public static boolean names(VpnUser user, ObjectKey server) {
        List<VpnUserSpec.ServerReference> servers = user.getSpec().servers();
        return servers.isEmpty() || servers.stream().anyMatch(reference -> key(user, reference).equals(server));
    }

    /** The server that a user's reference means. */
    public static ObjectKey key(VpnUser user, VpnUserSpec.ServerReference reference) {
        return new ObjectKey(reference.namespace() == null ? user.getMetadata().getNamespace() : reference.namespace(),
                reference.name());
    }

    private static boolean matches(LabelSelector selector, Map<String, String> given) {
        Map<String, String> labels = given == null ? Map.of() : given;
        return selector.getMatchLabels()
                .entrySet()
                .stream()
                .allMatch(it -> Objects.equals(it.getValue(), labels.get(it.getKey())))
                && selector.getMatchExpressions().stream().allMatch(it -> matches(it, labels));
    }

    private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.getKey());
        // An operator that is missing, or that nobody knows here, selects nobody.
        return switch (Objects.requireNonNullElse(requirement.getOperator(), "")) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
