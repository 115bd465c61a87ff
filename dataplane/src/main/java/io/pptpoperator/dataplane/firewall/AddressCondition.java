package io.pptpoperator.dataplane.firewall;

import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;

/**
 * What a rule asks of an address.
 *
 * @param end whose address
 * @param addresses the addresses that it names
 * @param among whether it has to be one of them, or none
 */
record AddressCondition(End end, AddressPool addresses, boolean among) {

    boolean holds(Ipv4Address local, Ipv4Address peer) {
        return addresses.contains(end == End.LOCAL ? local : peer) == among;
    }
}
