package io.pptpoperator.dataplane.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the administration port. It answers one request at a time, and reads the next one only when the answer
 * is gone; a client that takes too long to ask or to read is disconnected.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final AdminRoutes routes;
    private final Duration patience;
    private final Caller caller;
    private final boolean keepsBrowsersOut;
    private Future<?> deadline;
    private boolean awaiting;

    /**
     * Handles one connection.
     *
     * @param patience the time from the connection, or the last answer, to the next one
     * @param caller whose connection it is
     * @param keepsBrowsersOut whether it is without TLS, open to whatever runs on this machine
     */
    AdminHandler(AdminRoutes routes, Duration patience, Caller caller, boolean keepsBrowsersOut) {
        this.routes = routes;
        this.patience = patience;
        this.caller = caller;
        this.keepsBrowsersOut = keepsBrowsersOut;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        expectRequest(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
        context.fireChannelInactive();
    }

    private void expectRequest(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = context.executor().schedule(() -> disconnect(context), patience.toMillis(), TimeUnit.MILLISECONDS);
        awaiting = true;
        context.read();
    }

    /** A read may have brought a part of a request only. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (awaiting) {
            context.read();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        awaiting = false;
        boolean understood = request.decoderResult().isSuccess();
        boolean keepAlive = understood && HttpUtil.isKeepAlive(request);
        FullHttpResponse response = response(understood ? answer(request) : unintelligible());
        HttpUtil.setKeepAlive(response, keepAlive);
        context.writeAndFlush(response).addListener((ChannelFutureListener) written -> {
            if (keepAlive && written.isSuccess()) {
                expectRequest(context);
            } else {
                disconnect(context);
            }
        });
    }

    private static AdminAnswer unintelligible() {
        return AdminAnswer.problem(400, "Bad request", "this is not an HTTP request, or its header is too long");
    }

    private AdminAnswer answer(FullHttpRequest request) {
        if (keepsBrowsersOut && comesFromBrowser(request)) {
            return AdminAnswer.problem(403, "Forbidden", "web pages may not use this port");
        }
        try {
            return routes.answer(request.method().name(), request.uri(), caller);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.uri(), e);
            return AdminAnswer.problem(500, "Internal error", "the server's log says more");
        }
    }

    /**
     * Without client certificates, any page in a browser on this machine could send requests here: such requests name
     * their origin, or, where a foreign name was made to point to this machine, that name as the host.
     */
    private static boolean comesFromBrowser(FullHttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST, "localhost").replaceFirst(":[0-9]*$", "");
        return request.headers().contains(HttpHeaderNames.ORIGIN)
                || !host.equals("localhost") && !host.matches("127\\.[0-9.]+");
    }

    private static FullHttpResponse response(AdminAnswer answer) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
            HttpUtil.setContentLength(response, answer.body().length);
        }
        if (!answer.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        answer.headers().forEach(response.headers()::set);
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOG.debug("Administration client {} disconnected: {}", context.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error("Administration client {} disconnected", context.channel().remoteAddress(), cause);
        }
        disconnect(context);
    }

    private static void disconnect(ChannelHandlerContext context) {
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
