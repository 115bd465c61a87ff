package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.LocalAddresses;

/** The rules in force for all packets, and the host's addresses that they speak of: others write, workers read. */
final class LiveRules {
    private volatile DatapathPolicy policy;
    private volatile LocalAddresses localAddresses = LocalAddresses.NONE;

    LiveRules(DatapathPolicy policy) {
        this.policy = policy;
    }

    DatapathPolicy policy() {
        return policy;
    }

    void policy(DatapathPolicy changed) {
        policy = changed;
    }

    LocalAddresses localAddresses() {
        return localAddresses;
    }

    void localAddresses(LocalAddresses changed) {
        localAddresses = changed;
    }
}
