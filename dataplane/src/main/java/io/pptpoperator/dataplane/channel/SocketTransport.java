package io.pptpoperator.dataplane.channel;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;

/**
 * Through what an event loop's sockets go: epoll, where they have descriptors that can be handed over, or else the JDK,
 * which keeps its descriptors to itself.
 */
public enum SocketTransport {
    /** The kernel's, through Netty's native library. */
    EPOLL,
    /** The JDK's. */
    JDK;

    /** The best that there is here: epoll's library must fit the machine, and be allowed to be loaded. */
    public static SocketTransport best() {
        return Epoll.isAvailable() ? EPOLL : JDK;
    }

    /** That of a loop. */
    public static SocketTransport of(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class) ? EPOLL : JDK;
    }

    /** Why sockets cannot be handed over, if they cannot. */
    public Optional<String> obstacle() {
        return switch (this) {
            case EPOLL -> Optional.empty();
            case JDK -> Optional.of("epoll's library cannot be loaded: " + Epoll.unavailabilityCause().getMessage());
        };
    }

    /** What drives a loop. */
    public IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case JDK -> NioIoHandler.newFactory();
        };
    }

    /** A socket that is yet to listen, for IPv4. */
    public ServerSocketChannel listening() {
        return switch (this) {
            case EPOLL -> new EpollServerSocketChannel(SocketProtocolFamily.INET);
            case JDK -> new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
        };
    }

    /** A socket that is yet to connect. */
    public SocketChannel connecting() {
        return switch (this) {
            case EPOLL -> new EpollSocketChannel();
            case JDK -> new NioSocketChannel();
        };
    }

    /** A socket for datagrams, for IPv4. */
    public DatagramChannel datagrams() {
        return switch (this) {
            case EPOLL -> new EpollDatagramChannel(SocketProtocolFamily.INET);
            case JDK -> new NioDatagramChannel(SocketProtocolFamily.INET);
        };
    }
}
