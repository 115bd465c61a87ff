package io.pptpoperator.kubectl;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.kubectl.text.DidYouMean;
import io.pptpoperator.operator.ObjectKey;
import java.util.List;

/** Finds PptpServers by what people call them. */
public final class PptpServers {

    private PptpServers() {}

    /** The server that {@code NAME} or {@code NAMESPACE/NAME} means. */
    public static ObjectKey key(KubernetesClient client, String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new ObjectKey(client.getNamespace(), text)
                : new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /**
     * Looks whether a server is there, where the person may: that of another namespace may be none of their business.
     *
     * @throws CommandFailedException when there is none; says which may have been meant
     */
    public static void requireThere(KubernetesClient client, String text) {
        try {
            get(client, text);
        } catch (KubernetesClientException e) {
            if (!ClusterErrors.isForbidden(e)) {
                throw e;
            }
        }
    }

    /**
     * The server that {@code NAME} or {@code NAMESPACE/NAME} means.
     *
     * @throws CommandFailedException when there is none; says which may have been meant
     */
    public static PptpServer get(KubernetesClient client, String text) {
        ObjectKey key = key(client, text);
        PptpServer found = client.resources(PptpServer.class).inNamespace(key.namespace()).withName(key.name()).get();
        if (found == null) {
            List<String> names = client.resources(PptpServer.class)
                    .inNamespace(key.namespace())
                    .list()
                    .getItems()
                    .stream()
                    .map(it -> it.getMetadata().getName())
                    .toList();
            throw new CommandFailedException("there is no PptpServer " + key.name() + " in namespace " + key.namespace()
                    + DidYouMean.of(key.name(), names));
        }
        return found;
    }
}
