package io.pptpoperator.dataplane.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import io.pptpoperator.protocol.control.ControlAction;
import java.util.concurrent.TimeUnit;

/** Closes a TCP connection as {@link ControlAction.CloseConnection} asks for it. */
public final class OrderlyClose {

    /** How long a peer has to read what was sent to it. */
    static final long PATIENCE_SECONDS = 5;

    private OrderlyClose() {}

    /**
     * Closes when everything sent has left, and after {@link #PATIENCE_SECONDS} in any case: a peer that never reads
     * would otherwise keep a descriptor and buffers for as long as it acknowledges the kernel's window probes.
     */
    public static void begin(Channel channel) {
        if (!channel.isRegistered()) {
            return; // closed already, or it could not even be opened
        }
        ScheduledFuture<?> cut = channel.eventLoop().schedule(() -> cut(channel), PATIENCE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> cut.cancel(false));
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    /** With a reset, or else the kernel would go on trying to deliver. */
    private static void cut(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }
}
