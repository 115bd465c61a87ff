package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.handover.RecordReader;
import io.pptpoperator.dataplane.handover.RecordWriter;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlFrameDecoder;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.ControlMessageException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One TCP connection of a {@link World}, both ends of it, and the way of its client's GRE. */
final class Line implements PeerLine {
    private final World world;
    private final Ipv4Address address;
    private final Peer peer;
    private final ServerEnd server = new ServerEnd();
    private Optional<PeerConnection> connection = Optional.empty();
    private boolean open = true;
    private long peerWakeAt = Long.MAX_VALUE;

    Line(World world, Ipv4Address address, Peer peer) {
        this.world = world;
        this.address = address;
        this.peer = peer;
    }

    Peer peer() {
        return peer;
    }

    /** Whether the TCP connection is there. */
    boolean isOpen() {
        return open;
    }

    /** The server's side of the connection; empty when it was not let in. */
    Optional<PeerConnection> connection() {
        return connection;
    }

    /** The client's session. */
    Session session() {
        return connection.orElseThrow().session().orElseThrow();
    }

    void accept() {
        connection = world.sessions.accept(server, world.now());
        if (connection.isEmpty()) {
            server.close();
        } else {
            world.after(world.latency(), () -> peer.connected(this));
        }
    }

    void handOver(RecordWriter writer, RecordReader reader) {
        Optional<SessionSnapshot> snapshot = open ? connection.flatMap(PeerConnection::snapshot) : Optional.empty();
        if (snapshot.isPresent()) {
            SessionSnapshot read = reader.read(writer.write(snapshot.get()), SessionSnapshot.class);
            server.wakeAt = Long.MAX_VALUE;
            connection = Optional.of(world.sessions.takeOver(server, read, world.now()));
        } else if (open) {
            open = false;
            world.after(world.latency(), peer::hungUp);
        }
    }

    // The client's end.

    @Override
    public long now() {
        return world.now();
    }

    @Override
    public void control(byte[] bytes) {
        world.after(world.latency(), () -> server.receive(bytes));
    }

    @Override
    public void gre(byte[] packet) {
        world.greToServer(address, packet);
    }

    @Override
    public void hangUp() {
        world.after(world.latency(), () -> {
            if (open) {
                open = false;
                connection.ifPresent(present -> present.closed(world.now()));
            }
        });
    }

    @Override
    public void wakeAt(long time) {
        peerWakeAt = time;
        if (time != Long.MAX_VALUE) {
            world.after(Math.max(0, time - world.now()), () -> {
                if (peerWakeAt == time) {
                    peerWakeAt = Long.MAX_VALUE;
                    peer.wake();
                }
            });
        }
    }

    /** What stands between TCP and {@link PeerConnection}. */
    private final class ServerEnd implements ControlChannel {
        private final ByteBuffer pending = ByteBuffer.allocate(4096);
        private long wakeAt = Long.MAX_VALUE;

        @Override
        public Ipv4Address peer() {
            return address;
        }

        @Override
        public Ipv4Address local() {
            return World.SERVER;
        }

        private void receive(byte[] bytes) {
            if (!open) {
                return;
            }
            pending.put(bytes).flip();
            try {
                Optional<ControlFrame> frame = ControlFrameDecoder.next(pending);
                while (frame.isPresent() && open) {
                    connection.orElseThrow().received(frame.get(), world.now());
                    frame = ControlFrameDecoder.next(pending);
                }
            } catch (ControlMessageException wrong) {
                connection.orElseThrow().malformed(wrong, world.now());
            }
            pending.compact();
        }

        @Override
        public void send(ControlMessage message) {
            if (!open) {
                throw new IllegalStateException(message.type() + " is sent over a connection that is closed");
            }
            byte[] bytes = ControlMessageCodec.encode(message);
            world.after(world.latency(), () -> Line.this.peer.control(bytes));
        }

        @Override
        public void close() {
            open = false;
            world.after(world.latency(), Line.this.peer::hungUp);
        }

        @Override
        public void wakeAt(long deadline) {
            if (deadline >= wakeAt) {
                return;
            }
            wakeAt = deadline;
            world.after(Math.max(0, deadline - world.now()), () -> {
                if (wakeAt == deadline && open) {
                    wakeAt = Long.MAX_VALUE;
                    connection.ifPresent(present -> present.tick(world.now()));
                }
            });
        }
    }
}
