package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What a PPTP server is. Written by the operator alone. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PptpServerStatus(
        @JsonPropertyDescription("The metadata.generation that this status describes.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready: the server is what its spec says, with all of its pods; kubectl wait "
                + "--for=condition=Ready waits for it. Available: clients can connect, be it to some pods only.")
        List<Condition> conditions,

        @JsonPropertyDescription("The first of addresses: what clients dial.")
        String address,

        @JsonPropertyDescription("Every address that clients can dial.")
        List<ServerAddress> addresses,

        @JsonPropertyDescription("Pods that exist.")
        @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Pods that serve clients.")
        Integer readyReplicas,

        @JsonPropertyDescription("Label selector of the pods, as text.")
        @LabelSelector
        String selector,

        @JsonPropertyDescription("VpnUsers that can log in here.")
        Integer users,

        @JsonPropertyDescription("Sessions right now, over all pods.")
        Integer sessions,

        @JsonPropertyDescription("The addresses for clients.")
        PoolUse pool) {
    // @formatter:on

    /** Reads lists that are not there as empty ones. */
    public PptpServerStatus {
        conditions = Unset.asEmpty(conditions);
        addresses = Unset.asEmpty(addresses);
    }

    /** An address that clients can dial. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    // @formatter:off
    public record ServerAddress(
            @JsonPropertyDescription("IPv4 address or host name.")
            String address,

            @JsonPropertyDescription("Where it comes from.")
            AddressType type,

            @JsonPropertyDescription("The pod behind it.")
            String pod,

            @JsonPropertyDescription("The pod's node.")
            String node) {}
// @formatter:on

    /** Where an address comes from. */
    public enum AddressType {
        /** The spec. */
        Configured,
        /** The attached network. */
        AttachedNetwork,
        /** The node's ExternalIP. */
        ExternalIP,
        /** The node's InternalIP. */
        InternalIP,
        /** The pod. */
        PodIP
    }

    /** How full the pools are. */
    // @formatter:off
    public record PoolUse(
            @JsonPropertyDescription("Addresses that clients can get.")
            Long size,

            @JsonPropertyDescription("Addresses that clients have.")
            Long used) {}
// @formatter:on
}
