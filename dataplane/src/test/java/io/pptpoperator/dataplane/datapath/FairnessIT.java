package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.GreFilter;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.ip.Packets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One client floods, another one's pings lose nothing: both are in the hands of one worker. */
class FairnessIT {
    private static final int UDP = 17;
    private static final int PORTS = 0xc001_01bb;
    private static final int PAYLOAD = 1_000;
    private static final int PINGS = 300;
    /**
     * Packets of the flood under way at a time: more than the worker has room for, fewer than the kernel's queues have.
     * What is lost there, while the worker does not get the processor, is anybody's.
     */
    private static final int MOST_UNDER_WAY = 2_000;

    private final AtomicBoolean over = new AtomicBoolean();
    private DatapathLab lab;
    private GreEnd quietEnd;
    private GreClient quiet;
    private GreClient flooder;

    @BeforeEach
    void connect() {
        lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN);
        // A socket of its own, which the flood's packets do not reach: the client's Call ID is odd.
        quietEnd = lab.clientHost().call(() -> GreEnd.open(Optional.of(GreFilter.forWorker(1, 2))));
        quiet = lab.connect(DatapathLab.CLIENT_HOST, true, quietEnd);
        quiet.encrypt();
        quiet.openNetwork(DatapathLab.CLIENT);
        flooder = lab.connect(DatapathLab.CLIENT_HOST.plus(1), false);
        flooder.openNetwork(DatapathLab.CLIENT.plus(1));
    }

    @AfterEach
    void close() {
        lab.close();
        quietEnd.close();
    }

    private void assertThatNoPingIsLost() {
        for (int i = 0; i < PINGS; i++) {
            byte[] request = Ping.request(DatapathLab.CLIENT, DatapathLab.GATEWAY, i, 56);
            quiet.sendIp(request);
            assertThat(Ping.isReplyTo(request, quiet.nextIp())).as("ping %s", i).isTrue();
        }
    }

    /** Runs a flood on a thread of its own while pings go through. */
    private void during(Runnable flood) throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(flood);
        try {
            assertThatNoPingIsLost();
        } finally {
            over.set(true);
            thread.join();
        }
    }

    @Test
    void aFloodFromAnotherClientTakesNoPing() throws InterruptedException {
        byte[] frame = GreClient.frameInClear(packet(true));
        try (RawGreSocket socket = lab.clientHost()
                .call(() -> RawGreSocket.open(8 << 20, Optional.of(GreFilter.nothing())))) {
            during(() -> flood(socket, frame));
        }
        assertThat(flooder.tunnel.traffic().packetsIn()).isGreaterThan(PINGS);
    }

    private void awaitRoom(int sent, LongSupplier passed) {
        while (!over.get() && sent - passed.getAsLong() - lab.datapath.drops(DropCause.OVER_SHARE) >= MOST_UNDER_WAY) {
            LockSupport.parkNanos(50_000);
        }
    }

    private void flood(RawGreSocket socket, byte[] frame) {
        SendBatch batch = new SendBatch(socket, 64, 2048);
        for (int sequence = 0; !over.get(); sequence++) {
            awaitRoom(sequence, flooder.tunnel.traffic()::packetsIn);
            int at = batch.slotOffset();
            batch.buffer()
                    .putInt(at, 0x3001_880b)
                    .putShort(at + 4, (short) frame.length)
                    .putShort(at + 6, (short) flooder.tunnel.callId())
                    .putInt(at + 8, sequence)
                    .put(at + 12, frame);
            batch.commit(DatapathLab.SERVER.bits(), DatapathLab.CLIENT_HOST.plus(1).bits(), 12 + frame.length);
        }
        batch.flush();
    }

    @Test
    void aFloodToAnotherClientTakesNoPing() throws InterruptedException {
        byte[] packet = packet(false);
        during(() -> {
            for (int sent = 0; !over.get(); sent++) {
                awaitRoom(sent, flooder.tunnel.traffic()::packetsOut);
                lab.host.send(packet);
            }
        });
        assertThat(flooder.tunnel.traffic().packetsOut()).isGreaterThan(PINGS);
    }

    private static byte[] packet(boolean fromClient) {
        int client = DatapathLab.CLIENT.plus(1).bits();
        int host = DatapathLab.HOST.bits();
        int source = fromClient ? client : host;
        int destination = fromClient ? host : client;
        return Packets.ip(source, destination, UDP, 1, 0, new byte[0],
                Packets.udp(source, destination, PORTS, new byte[PAYLOAD]));
    }
}
