package io.pptpoperator.dataplane.client.gre;

import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.tunnel.TunnelState;

/** What a {@link GreEndpoint} keeps of a call; for its event loop. */
final class CallState extends TunnelState {
    final int callId;
    final int peerBits;
    final int localBits;
    final TunnelListener listener;
    final IpReceiver receiver;
    final TrafficCounters traffic = new TrafficCounters();
    boolean networkOpen;
    /** Whether something in it will be due by the clock. */
    boolean swept;
    long packetsReceived;

    CallState(TunnelSpec spec, int callId, ReceiveWindow window, TunnelListener listener, IpReceiver receiver) {
        super(spec.peerCallId(), spec.encryptionRequired(), window);
        this.callId = callId;
        this.peerBits = spec.peer().bits();
        this.localBits = spec.local().bits();
        this.listener = listener;
        this.receiver = receiver;
    }

    void heard(long now) {
        packetsReceived++;
        traffic.heard(now);
    }
}
