package io.pptpoperator.operator.metrics;

import java.util.List;
import java.util.SequencedMap;

/**
 * How the resources are that the operator looks after, at one moment.
 *
 * @param servers each PptpServer; an installation has few of them
 * @param users how many VpnUsers there are in each state; every state is there, with zero if need be
 */
public record ResourceCensus(List<Server> servers, SequencedMap<String, Integer> users) {

    /**
     * A PptpServer.
     *
     * @param ready whether its condition Ready is true, and about its newest spec
     * @param available whether its condition Available is true
     */
    public record Server(String namespace, String name, Answer ready, Answer available) {}

    /**
     * What a condition says.
     *
     * @param yes whether it is true
     * @param reason its reason, one of a fixed list
     */
    public record Answer(boolean yes, String reason) {}

    /** Takes a copy of the list. */
    public ResourceCensus {
        servers = List.copyOf(servers);
    }
}
