package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import org.junit.jupiter.api.Test;

class CallTableTest {
    private final CallTable calls = new CallTable();

    private static WorkerTunnel tunnel(int callId) {
        TunnelSpec spec = new TunnelSpec(Ipv4Address.parse("203.0.113.7"), Ipv4Address.ANY, 1, true, 0, 0);
        return new WorkerTunnel(spec, callId, 0, new PeerPath(spec.peer(), spec.local()),
                new ReceiveWindow(new ReorderSlab(2, 1), 0, 0), new Frames());
    }

    @Test
    void aTunnelIsFoundByItsCallIdUntilItIsRemoved() {
        WorkerTunnel first = tunnel(1);
        WorkerTunnel last = tunnel(0xffff);
        calls.put(first);
        calls.put(last);
        assertThat(calls.get(1)).isSameAs(first);
        assertThat(calls.get(0xffff)).isSameAs(last);
        assertThat(calls.get(2)).isNull();
        assertThat(calls.contains(1)).isTrue();
        calls.remove(first);
        assertThat(calls.get(1)).isNull();
        assertThat(calls.contains(1)).isFalse();
        assertThat(calls.get(0xffff)).isSameAs(last);
    }

    @Test
    void aCallIdIsNotGivenTwiceAndOnlyItsOwnerGivesItBack() {
        WorkerTunnel owner = tunnel(7);
        calls.put(owner);
        WorkerTunnel other = tunnel(7);
        assertThatThrownBy(() -> calls.put(other)).isInstanceOf(IllegalStateException.class)
                .hasMessage("Call ID 7 is taken");
        calls.remove(other);
        assertThat(calls.get(7)).isSameAs(owner);
    }

    @Test
    void theCallIdNoneIsNotAmongThoseToGive() {
        assertThat(CallTable.capacity()).isEqualTo(65_535);
    }
}
