package io.pptpoperator.dataplane.channel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.pptpoperator.protocol.rate.TokenBucket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many messages of one control connection are worked off: so many at once, and so many a second. A call takes fewer
 * than ten, and then one comes a minute. What is beyond is dropped and counted, and nothing more is read for a while,
 * so that TCP slows the sender down.
 */
public final class MessageBudget extends ChannelInboundHandlerAdapter {

    static final int AT_ONCE = 64;
    static final int PER_SECOND = 10;
    /** How long nothing is read from a peer that has used up its budget. */
    static final long PAUSE_MILLIS = 500;

    private final LongSupplier clock;
    private final LongAdder dropped;
    private final TokenBucket bucket = new TokenBucket(PER_SECOND, AT_ONCE);
    private boolean paused;

    /**
     * For one connection.
     *
     * @param clock milliseconds of a clock that only moves forward
     * @param dropped counts what is dropped
     */
    public MessageBudget(LongSupplier clock, LongAdder dropped) {
        this.clock = clock;
        this.dropped = dropped;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (bucket.tryTake(clock.getAsLong())) {
            ctx.fireChannelRead(message);
            return;
        }
        dropped.increment();
        if (!paused) {
            paused = true;
            ctx.channel().config().setAutoRead(false);
            ctx.executor().schedule(() -> goOn(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** {@link ReadWhileWritable} has it read once it reads our answers again. */
    private void goOn(ChannelHandlerContext ctx) {
        paused = false;
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }
}
