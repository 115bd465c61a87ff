package io.pptpoperator.kubectl;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.util.List;
import picocli.CommandLine.Option;

/** Which cluster and which namespace, said as to kubectl; a picocli mixin. */
public final class ClusterOptions {

    private static final int REQUEST_MILLIS = 15_000;

    @Option(names = "--kubeconfig", paramLabel = "FILE",
            description = "kubeconfig to use (default: KUBECONFIG, or ~/.kube/config)")
    private File kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "context of the kubeconfig")
    private String context;

    @Option(names = {"-n", "--namespace"}, paramLabel = "NAME", description = "namespace (default: the context's)")
    private String namespace;

    @Option(names = "--as", paramLabel = "USER", description = "ask as somebody else, where you may")
    private String impersonated;

    @Option(names = "--as-group", paramLabel = "GROUP", description = "with --as: a group of theirs; may be repeated")
    private List<String> impersonatedGroups = List.of();

    /**
     * A client of the cluster; the caller closes it.
     *
     * @throws CommandFailedException when the kubeconfig cannot be used
     */
    public KubernetesClient connect() {
        // Without the search for all kinds of all libraries, which takes longer than everything else.
        ObjectMapper mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return new KubernetesClientBuilder().withConfig(config())
                .withKubernetesSerialization(new KubernetesSerialization(mapper, false))
                .build();
    }

    private Config config() {
        if (kubeconfig != null && !kubeconfig.canRead()) {
            throw new CommandFailedException("--kubeconfig: " + kubeconfig + " cannot be read");
        }
        Config found = kubeconfig == null ? Config.autoConfigure(context) : Config.fromKubeconfig(context, kubeconfig);
        if (context != null
                && (found.getCurrentContext() == null || !context.equals(found.getCurrentContext().getName()))) {
            throw new CommandFailedException("--context: the kubeconfig has no context " + context);
        }
        ConfigBuilder config = new ConfigBuilder(found).withRequestTimeout(REQUEST_MILLIS)
                .withConnectionTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(1);
        if (namespace != null) {
            config.withNamespace(namespace);
        } else if (found.getNamespace() == null) {
            config.withNamespace("default");
        }
        if (impersonated != null) {
            config.withImpersonateUsername(impersonated)
                    .withImpersonateGroups(impersonatedGroups.toArray(new String[0]));
        }
        return config.build();
    }
}
