package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import org.junit.jupiter.api.Test;

class TunnelDirectoryTest {
    private static final Ipv4Address OUR_END = Ipv4Address.parse("198.51.100.1");
    private static final Ipv4Prefix NETWORK = Ipv4Prefix.parse("10.9.0.0/24");
    private static final int INSIDE = Ipv4Address.parse("10.9.0.77").bits();

    private final TunnelDirectory directory = new TunnelDirectory();

    private static WorkerTunnel tunnel(int callId, Ipv4Address local) {
        TunnelSpec spec = new TunnelSpec(Ipv4Address.parse("203.0.113.7"), local, 1, true, 0, 0);
        return new WorkerTunnel(spec, callId, 0, new PeerPath(spec.peer(), spec.local()),
                new ReceiveWindow(new ReorderSlab(2, 1), 0, 0), new Frames());
    }

    @Test
    void aTunnelIsFoundByItsCallIdUntilItIsRemoved() {
        WorkerTunnel tunnel = tunnel(9, OUR_END);
        assertThat(directory.contains(9)).isFalse();
        directory.add(tunnel);
        assertThat(directory.ofCall(9)).isSameAs(tunnel);
        assertThat(directory.contains(9)).isTrue();
        directory.remove(tunnel);
        assertThat(directory.ofCall(9)).isNull();
        assertThat(directory.contains(9)).isFalse();
    }

    @Test
    void anAddressIsATunnelsEndAsLongAsOneOfItsTunnelsIsThere() {
        WorkerTunnel first = tunnel(1, OUR_END);
        WorkerTunnel second = tunnel(2, OUR_END);
        assertThat(directory.isEnd(OUR_END.bits())).isFalse();
        directory.add(first);
        directory.add(second);
        directory.remove(first);
        assertThat(directory.isEnd(OUR_END.bits())).isTrue();
        assertThat(directory.isEnd(OUR_END.bits() + 1)).isFalse();
        directory.remove(second);
        assertThat(directory.isEnd(OUR_END.bits())).isFalse();
    }

    @Test
    void aPrefixLeadsToWhoCameLastAndOnlyHeTakesItAway() {
        WorkerTunnel old = tunnel(1, OUR_END);
        WorkerTunnel young = tunnel(2, OUR_END);
        directory.route(NETWORK, old);
        assertThat(directory.leadingTo(INSIDE)).isSameAs(old);
        directory.route(NETWORK, young);
        directory.unroute(NETWORK, old);
        assertThat(directory.leadingTo(INSIDE)).isSameAs(young);
        directory.unroute(NETWORK, young);
        assertThat(directory.leadingTo(INSIDE)).isNull();
    }
}
