package io.pptpoperator.dataplane.radius;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.net.PortUnreachableException;

/**
 * One socket or connection to a server, with the 256 identifiers that tell its requests apart (RFC 2865 section 3). Of the
 * control loop's thread.
 */
final class Lane extends SimpleChannelInboundHandler<ByteBuf> {
    private static final int IDENTIFIERS = 256;

    /** What waits for a reply. */
    interface Waiting {
        /** Something arrived under its identifier. */
        void received(byte[] packet);

        /** The connection is gone: nothing more will arrive. */
        void cut();
    }

    private final Waiting[] waiting = new Waiting[IDENTIFIERS];
    private final Runnable unexpected;
    private Channel channel;
    private Future<?> ready;
    private int next;
    private int used;
    private boolean closed;

    /** @param unexpected is told of packets that nobody waits for */
    Lane(Runnable unexpected) {
        super(ByteBuf.class);
        this.unexpected = unexpected;
    }

    /**
     * Begins.
     *
     * @param whenReady when packets can be sent; until then they wait
     */
    void open(Channel opened, Future<?> whenReady) {
        channel = opened;
        ready = whenReady;
        whenReady.addListener(it -> {
            if (!it.isSuccess()) {
                close();
            }
        });
    }

    boolean hasRoom() {
        return !closed && used < IDENTIFIERS;
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes an identifier that is free; {@link #hasRoom} says that there is one. */
    int take(Waiting who) {
        while (waiting[next] != null) {
            next = (next + 1) % IDENTIFIERS;
        }
        int identifier = next;
        next = (next + 1) % IDENTIFIERS;
        waiting[identifier] = who;
        used++;
        return identifier;
    }

    void release(int identifier) {
        if (waiting[identifier] != null) {
            waiting[identifier] = null;
            used--;
        }
    }

    /** Sends; what cannot be sent is like what gets lost on the way. */
    void send(byte[] packet) {
        if (ready.isSuccess()) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(packet), channel.voidPromise());
        } else {
            ready.addListener(it -> {
                if (it.isSuccess()) {
                    channel.writeAndFlush(Unpooled.wrappedBuffer(packet), channel.voidPromise());
                }
            });
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf packet) {
        Waiting who = packet.readableBytes() < 2 ? null : waiting[packet.getUnsignedByte(packet.readerIndex() + 1)];
        if (who == null) {
            unexpected.run();
        } else {
            who.received(ByteBufUtil.getBytes(packet));
        }
    }

    /** An ICMP error may be anybody's: a server is away when it does not answer, not when somebody says so. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof PortUnreachableException)) {
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close();
    }

    /** Ends it, and tells all that wait. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (channel != null) {
            channel.close();
        }
        for (int identifier = 0; identifier < IDENTIFIERS; identifier++) {
            Waiting who = waiting[identifier];
            if (who != null) {
                release(identifier);
                who.cut();
            }
        }
    }
}
