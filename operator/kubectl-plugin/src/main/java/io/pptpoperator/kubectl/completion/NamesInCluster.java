package io.pptpoperator.kubectl.completion;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Names for completion, of what the cluster has. */
public final class NamesInCluster {

    private NamesInCluster() {}

    /**
     * The names that an argument can have; none when the cluster cannot be asked: who is typing wants no error
     * messages.
     *
     * @param label the argument's label
     * @param words what was typed, which may say namespace and cluster
     */
    public static List<String> of(String label, List<String> words) {
        if (label.contains("USER")) {
            return list(VpnUser.class, words);
        }
        if (label.contains("PROFILE")) {
            return list(VpnProfile.class, words);
        }
        return label.contains("SERVER") ? list(PptpServer.class, words) : List.of();
    }

    private static <T extends CustomResource<?, ?>> List<String> list(Class<T> kind, List<String> words) {
        var options = new ClusterOptions();
        try {
            new CommandLine(options).setUnmatchedArgumentsAllowed(true).parseArgs(words.toArray(new String[0]));
            try (KubernetesClient client = options.connect()) {
                return client.resources(kind)
                        .list()
                        .getItems()
                        .stream()
                        .map(HasMetadata::getMetadata)
                        .map(it -> it.getName())
                        .sorted()
                        .toList();
            }
        } catch (ParameterException | KubernetesClientException | CommandFailedException e) {
            return List.of();
        }
    }
}
