package io.pptpoperator.kubectl.user;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.text.DidYouMean;
import java.util.List;
import java.util.Optional;

/** Finds VpnUsers by what people call them. */
public final class VpnUsers {

    private VpnUsers() {}

    /**
     * The VpnUser of a name, or else the one that logs in with it.
     *
     * @throws CommandFailedException when there is none
     */
    public static VpnUser get(KubernetesClient client, String name) {
        List<VpnUser> users = client.resources(VpnUser.class).list().getItems();
        return find(users, name).orElseThrow(() -> new CommandFailedException("there is no VpnUser " + name
                + " in namespace " + client.getNamespace() + ", and none that logs in with this name"
                + DidYouMean.of(name, users.stream().map(it -> it.getMetadata().getName()).toList())
                + "; kubectl get vpnusers -A lists all"));
    }

    /** The VpnUser of a name, or else the one that logs in with it. */
    public static Optional<VpnUser> find(KubernetesClient client, String name) {
        return find(client.resources(VpnUser.class).list().getItems(), name);
    }

    static Optional<VpnUser> find(List<VpnUser> users, String name) {
        return users.stream()
                .filter(user -> user.getMetadata().getName().equals(name))
                .findFirst()
                .or(() -> users.stream().filter(user -> user.username().equals(name)).findFirst());
    }
}
