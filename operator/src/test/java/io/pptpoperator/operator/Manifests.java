package io.pptpoperator.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pptpoperator.crds.CrdSchema;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;

/** Resources as an API server would hand them out: from a spec in YAML's flow style, with schema defaults. */
public final class Manifests {

    private Manifests() {}

    /** A PptpServer of namespace vpn. */
    public static PptpServer server(String name, String spec) {
        return resource(PptpServer.class, name, spec);
    }

    /** A VpnUser of namespace vpn. */
    public static VpnUser user(String name, String spec) {
        return resource(VpnUser.class, name, spec);
    }

    /** A VpnProfile of namespace vpn. */
    public static VpnProfile profile(String name, String spec) {
        return resource(VpnProfile.class, name, spec);
    }

    private static <T extends CustomResource<?, ?>> T resource(Class<T> kind, String name, String spec) {
        String yaml = """
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: vpn, uid: uid-of-%s, generation: 1}
                spec: {%s}
                """.formatted(kind.getSimpleName(), name, name, spec);
        try {
            var resource = (ObjectNode) new YAMLMapper().readTree(yaml);
            CrdSchema.of(kind).fillDefaults(resource);
            return Serialization.unmarshal(resource.toString(), kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }
}
