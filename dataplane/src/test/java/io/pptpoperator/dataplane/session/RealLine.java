package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Carries a {@link Peer}'s bytes over a real TCP connection and a raw GRE socket in a namespace. The peer itself lives
 * in one thread; what it throws there fails the test that looks at it next.
 */
final class RealLine implements PeerLine, AutoCloseable {
    private static final int PPTP = 1723;
    private static final int SLOT_SIZE = 2048;

    private final Peer peer;
    private final Ipv4Address server;
    private final Socket tcp;
    private final RawGreSocket gre;
    private final SendBatch out;
    private final ReceiveBatch in;
    private final Poller poller = new Poller(2);
    private final EventFd stop = new EventFd();
    private final ScheduledExecutorService peerThread = Executors.newSingleThreadScheduledExecutor();
    private ScheduledFuture<?> alarm;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<byte[]> packets = new ArrayList<>();
    private final Thread greReader = new Thread(this::readGre, "GRE of a peer");
    private final Thread tcpReader = new Thread(this::readTcp, "TCP of a peer");
    private volatile boolean stopping;

    private RealLine(Ipv4Address server, Peer peer) throws IOException {
        this.peer = peer;
        this.server = server;
        gre = RawGreSocket.open(1 << 20, Optional.empty());
        out = new SendBatch(gre, 1, SLOT_SIZE);
        in = new ReceiveBatch(gre, 64, SLOT_SIZE);
        poller.add(gre.fd(), Poller.READABLE);
        poller.add(stop.fd(), Poller.READABLE);
        tcp = new Socket(server.toInetAddress(), PPTP);
    }

    /** Connects the peer, from this namespace, to the server. */
    static RealLine connect(NetworkNamespace from, Ipv4Address server, Peer peer) {
        RealLine line = from.call(() -> new RealLine(server, peer));
        line.greReader.start();
        line.tcpReader.start();
        line.deliver(() -> peer.connected(line));
        return line;
    }

    private void readTcp() {
        byte[] bytes = new byte[1024];
        try {
            InputStream stream = tcp.getInputStream();
            for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
                byte[] came = Arrays.copyOf(bytes, count);
                deliver(() -> peer.control(came));
            }
        } catch (IOException e) {
            assertThat(tcp.isClosed()).as("who broke the TCP connection: we did; %s", e).isTrue();
        }
        deliver(peer::hungUp);
    }

    private void readGre() {
        while (!stopping) {
            poller.await(-1);
            int count = in.receive();
            for (int slot = 0; slot < count; slot++) {
                byte[] packet = new byte[in.length(slot)];
                in.buffer().get(in.offset(slot), packet);
                if (Ipv4Address.read(packet, 12).equals(server)) {
                    byte[] payload = Arrays.copyOfRange(packet, (packet[0] & 15) * 4, packet.length);
                    synchronized (packets) {
                        packets.add(packet);
                    }
                    deliver(() -> peer.gre(payload));
                }
            }
        }
    }

    private void deliver(Runnable delivery) {
        peerThread.execute(() -> run(delivery));
    }

    private void run(Runnable delivery) {
        try {
            delivery.run();
        } catch (RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Does something with the peer, in its thread; fails with what the peer has thrown so far. */
    <T> T ask(Callable<T> question) {
        try {
            T answer = peerThread.submit(question).get();
            if (failure.get() != null) {
                throw new AssertionError("the peer cannot go on", failure.get());
            }
            return answer;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    void awaitPeer(String what, Callable<Boolean> condition) {
        Await.until(what, Await.PATIENCE, () -> ask(condition));
    }

    /** Waits until a peer is connected; when it is hung up instead, the test fails at once with what was said. */
    void awaitUp(ScriptedPeer client) {
        awaitPeer("the client is connected", () -> {
            client.require(client.isUp() || !client.hungUp, "the client was hung up on");
            return client.isUp();
        });
    }

    /** Pings the server once a second, as a person would who waits for the network, until a reply comes. */
    void pingUntilAnswered(ScriptedPeer client, Ipv4Address to, int sequence, int size) {
        byte[] request = ask(() -> client.ping(to, sequence, size));
        long[] last = {now()};
        awaitPeer("the server answers ping " + sequence, () -> {
            client.require(!client.hungUp, "the client was hung up on");
            if (!client.heardReplyTo(request) && now() - last[0] >= 1_000) {
                last[0] = now();
                client.ping(to, sequence, size);
            }
            return client.heardReplyTo(request);
        });
    }

    /** Writes what came through GRE as a capture file of raw IP packets. */
    void writeCapture(Path file) throws IOException {
        // https://www.tcpdump.org/manpages/pcap-savefile.5.html
        int rawIp = 101;
        List<byte[]> all;
        synchronized (packets) {
            all = List.copyOf(packets);
        }
        ByteBuffer capture = ByteBuffer.allocate(24 + all.stream().mapToInt(packet -> 16 + packet.length).sum());
        capture.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0).putInt(65535).putInt(rawIp);
        for (byte[] packet : all) {
            capture.putLong(0).putInt(packet.length).putInt(packet.length).put(packet);
        }
        Files.write(file, capture.array());
    }

    @Override
    public long now() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void control(byte[] bytes) {
        try {
            tcp.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void gre(byte[] packet) {
        out.buffer().put(out.slotOffset(), packet);
        out.commit(server.bits(), 0, packet.length);
        out.flush();
    }

    @Override
    public void hangUp() {
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void wakeAt(long time) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        if (time != Long.MAX_VALUE) {
            alarm = peerThread.schedule(() -> run(peer::wake), Math.max(0, time - now()), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        stopping = true;
        stop.signal();
        hangUp();
        try {
            greReader.join();
            tcpReader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        peerThread.shutdownNow();
        peerThread.close();
        gre.close();
        stop.close();
    }
}
