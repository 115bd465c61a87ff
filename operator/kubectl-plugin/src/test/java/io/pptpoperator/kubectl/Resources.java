package io.pptpoperator.kubectl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pptpoperator.crds.CrdSchema;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;

/** Resources as tests write them: YAML in flow style, with the schema's defaults filled in. */
public final class Resources {

    private static final YAMLMapper YAML = new YAMLMapper();

    private Resources() {}

    /** A PptpServer named office in namespace vpn. */
    public static PptpServer server(String spec, String status) {
        return read(PptpServer.class, "office", "localIP: 192.168.10.1, pools: [192.168.10.100-200], " + spec, status);
    }

    /** A VpnUser named alice in namespace vpn. */
    public static VpnUser user(String spec, String status) {
        return read(VpnUser.class, "alice", spec, status);
    }

    /** A VpnProfile named bronze in namespace vpn. */
    public static VpnProfile profile(String spec, String status) {
        return read(VpnProfile.class, "bronze", spec, status);
    }

    private static <T extends CustomResource<?, ?>> T read(Class<T> kind, String name, String spec, String status) {
        try {
            ObjectNode tree = (ObjectNode) YAML.readTree("""
                    apiVersion: pptp-operator.io/v1alpha1
                    kind: %s
                    metadata: {name: %s, namespace: vpn, generation: 3, uid: 0c7a}
                    spec: {%s}
                    status: {%s}
                    """.formatted(kind.getSimpleName(), name, spec, status));
            CrdSchema.of(kind).fillDefaults(tree);
            return new KubernetesSerialization().unmarshal(tree.toString(), kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
