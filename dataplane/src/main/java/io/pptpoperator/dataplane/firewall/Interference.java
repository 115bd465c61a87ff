package io.pptpoperator.dataplane.firewall;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;

/**
 * Something that netfilter may do to GRE.
 *
 * @param what in words, with the chain
 * @param conditions which addresses it concerns: all, when there are none
 */
public record Interference(String what, List<AddressCondition> conditions) {

    /** Copies the list. */
    public Interference {
        conditions = List.copyOf(conditions);
    }

    /** Whether no peer is beyond it. */
    public boolean concernsAll() {
        return conditions.isEmpty();
    }

    /** Whether it may happen to packets between these two, in either direction. */
    public boolean concerns(Ipv4Address local, Ipv4Address peer) {
        return conditions.stream().allMatch(condition -> condition.holds(local, peer));
    }

    @Override
    public String toString() {
        return what;
    }
}
