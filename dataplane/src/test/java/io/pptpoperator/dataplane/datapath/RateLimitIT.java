package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.Packets;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateBucket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rates and octet limits with real workers and devices. A busy machine makes everything slower, so what is held against
 * the clock is only that nothing is faster than it may be.
 */
class RateLimitIT {
    private static final int UDP = 17;
    private static final int LENGTH = 1_000;
    private static final int PACKETS = 30;
    private static final long BURST = 3_000;

    private DatapathLab lab;
    private GreClient client;

    @BeforeEach
    void connect() {
        lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static Optional<RateBucket> rate(long bitsPerSecond) {
        return Optional.of(new RateBucket(bitsPerSecond, BURST, System.nanoTime()));
    }

    private static void limit(GreClient client, Optional<RateBucket> up, Optional<RateBucket> down) {
        client.tunnel.limit(new TunnelLimits(up, down, Optional.empty()));
    }

    /** UDP, or something else that the host's kernel forwards, with a number in it, of {@link #LENGTH} bytes. */
    private static byte[] packet(Ipv4Address from, Ipv4Address to, int number) {
        byte[] payload = ByteBuffer.allocate(LENGTH - 28).putInt(number).array();
        return Packets.ip(from.bits(), to.bits(), UDP, number, 0, new byte[0],
                Packets.udp(from.bits(), to.bits(), 0x1234_5678, payload));
    }

    private static int number(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(28);
    }

    /** Takes packets up to the last one, which always comes; of those before a few are dropped, to tell their sender. */
    private static int arrivedInOrder(Supplier<byte[]> next) {
        int arrived = 0;
        for (int last = -1; last < PACKETS - 1; arrived++) {
            int number = number(next.get());
            assertThat(number).isGreaterThan(last);
            last = number;
        }
        assertThat(arrived).isGreaterThan(PACKETS / 2);
        return arrived;
    }

    /** How long so many packets take at least, in nanoseconds: all but a burst and what ends it wait for the rate. */
    private static long least(int packets, long bitsPerSecond) {
        return ((long) packets * LENGTH - BURST - LENGTH) * 8 * 1_000_000_000 / bitsPerSecond;
    }

    @Test
    void whatIsToAClientLeavesAtItsRateAndInOrder() {
        client = lab.connectWithNetwork(0);
        limit(client, Optional.empty(), rate(500_000));
        client.awaitWorker();
        long start = System.nanoTime();
        for (int i = 0; i < PACKETS; i++) {
            lab.host.send(packet(DatapathLab.HOST, DatapathLab.CLIENT, i));
        }
        int arrived = arrivedInOrder(client::nextIp);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(least(arrived, 500_000));
        assertThat(lab.datapath.drops(DropCause.RATE_LIMIT_DOWN)).isEqualTo(PACKETS - arrived);
    }

    @Test
    void whatIsFromAClientArrivesAtItsRateAndInOrder() {
        client = lab.connectWithNetwork(0);
        limit(client, rate(500_000), Optional.empty());
        client.awaitWorker();
        long start = System.nanoTime();
        for (int i = 0; i < PACKETS; i++) {
            client.sendIp(packet(DatapathLab.CLIENT, DatapathLab.HOST, i));
        }
        int arrived = arrivedInOrder(lab.host::next);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(least(arrived, 500_000));
        assertThat(lab.datapath.drops(DropCause.RATE_LIMIT_UP)).isEqualTo(PACKETS - arrived);
        assertThat(client.tunnel.traffic().bytesIn()).isEqualTo((long) arrived * LENGTH);
    }

    /** The kernel hands over trains of up to 64 KB, which alone would be more than this rate lets pass in a second. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tcpGoesThroughWholeAndNoFasterThanItMay(boolean toClient) throws IOException {
        client = lab.relay(0);
        long bitsPerSecond = 4_000_000;
        limit(client, toClient ? Optional.empty() : rate(bitsPerSecond),
                toClient ? rate(bitsPerSecond) : Optional.empty());
        client.awaitWorker();
        byte[] data = Packets.random(new Random(4), 600_000);
        long start = System.nanoTime();
        long arrived = toClient
                ? BulkTrafficIT.transfer(lab.serverHost(), DatapathLab.GATEWAY, lab.clientHost(), DatapathLab.CLIENT,
                        data)
                : BulkTrafficIT.transfer(lab.clientHost(), DatapathLab.CLIENT, lab.serverHost(), DatapathLab.GATEWAY,
                        data);
        assertThat(arrived).isEqualTo(BulkTrafficIT.crcOf(data));
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo((data.length - BURST - 1_500) * 8 * 1_000_000_000L / bitsPerSecond);
    }

    @Test
    void aLimitedClientsDownloadHoldsUpNobodyElse() {
        client = lab.relay(0);
        limit(client, Optional.empty(), rate(2_000_000));
        client.awaitWorker();
        GreClient neighbour = lab.connectWithNetwork(1);
        byte[] data = Packets.random(new Random(5), 400_000);
        CompletableFuture<Long> download = new CompletableFuture<Long>().orTimeout(Await.PATIENCE.toSeconds(),
                TimeUnit.SECONDS);
        // Not a thread of the common pool, in which the other end may need the only one.
        Thread.ofPlatform().start(() -> {
            try {
                download.complete(BulkTrafficIT.transfer(lab.serverHost(), DatapathLab.GATEWAY, lab.clientHost(),
                        DatapathLab.CLIENT, data));
            } catch (IOException e) {
                download.completeExceptionally(e);
            }
        });
        int pings = 0;
        while (!download.isDone()) {
            byte[] request = Ping.request(DatapathLab.CLIENT.plus(1), DatapathLab.GATEWAY, pings++, 56);
            neighbour.sendIp(request);
            assertThat(Ping.isReplyTo(request, neighbour.nextIp())).as("ping %s", pings).isTrue();
        }
        assertThat(download.join()).isEqualTo(BulkTrafficIT.crcOf(data));
        assertThat(pings).isGreaterThan(20);
        assertThat(lab.datapath.drops(DropCause.OVER_SHARE)).isZero();
    }

    enum Ease {
        QUICKER, UNLIMITED, ENDED
    }

    /** Without it, the packets would take half an hour. */
    @ParameterizedTest
    @EnumSource
    void anotherRateCountsForWhatWaitsAlready(Ease ease) {
        client = lab.connectWithNetwork(0);
        RateBucket bucket = rate(8).orElseThrow();
        limit(client, Optional.empty(), Optional.of(bucket));
        client.awaitWorker();
        for (int i = 0; i < 12; i++) {
            lab.host.send(packet(DatapathLab.HOST, DatapathLab.CLIENT, i));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(number(client.nextIp())).isEqualTo(i);
        }
        switch (ease) {
            case QUICKER -> bucket.change(100_000_000, 0, System.nanoTime());
            case UNLIMITED -> client.tunnel.limit(TunnelLimits.NONE);
            case ENDED -> limit(client, Optional.empty(), rate(100_000_000));
        }
        for (int i = 3; i < 12; i++) {
            assertThat(number(client.nextIp())).isEqualTo(i);
        }
    }

    @Test
    void aSessionThatEndsWithPacketsWaitingTakesThemAlong() {
        client = lab.connectWithNetwork(0);
        limit(client, Optional.empty(), rate(8));
        client.awaitWorker();
        for (int i = 0; i < 12; i++) {
            lab.host.send(packet(DatapathLab.HOST, DatapathLab.CLIENT, i));
        }
        client.nextIp();
        client.tunnel.close();
        GreClient next = lab.connectWithNetwork(1);
        lab.host.send(packet(DatapathLab.HOST, DatapathLab.CLIENT.plus(1), 77));
        assertThat(number(next.nextIp())).isEqualTo(77);
    }

    @Test
    void notAByteMoreThanTheOctetsPasses() {
        client = lab.connectWithNetwork(0);
        client.tunnel.limit(new TunnelLimits(Optional.empty(), Optional.empty(),
                Optional.of(new OctetLimit(0, 0, 5L * LENGTH, 0))));
        client.awaitWorker();
        for (int i = 0; i < 2; i++) {
            client.sendIp(packet(DatapathLab.CLIENT, DatapathLab.HOST, i));
            assertThat(number(lab.host.next())).isEqualTo(i);
        }
        for (int i = 0; i < 9; i++) {
            lab.host.send(packet(DatapathLab.HOST, DatapathLab.CLIENT, i));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(number(client.nextIp())).isEqualTo(i);
        }
        lab.awaitDrops(DropCause.OCTETS_USED_UP, 6);
        client.sendIp(packet(DatapathLab.CLIENT, DatapathLab.HOST, 2));
        lab.awaitDrops(DropCause.OCTETS_USED_UP, 7);
        Await.until("the session is told", Await.PATIENCE, () -> client.frames.usedUp.get() > 0);
        assertThat(client.frames.usedUp).hasValue(1);
        assertThat(client.tunnel.traffic().bytesIn() + client.tunnel.traffic().bytesOut()).isEqualTo(5L * LENGTH);
    }
}
