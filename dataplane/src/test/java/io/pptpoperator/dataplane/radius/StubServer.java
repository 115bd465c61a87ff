package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.RadiusException;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A RADIUS server on loopback that answers as it is told to. */
final class StubServer implements AutoCloseable {

    /** What it sends for a request, one datagram for each. */
    interface Behaviour {
        List<byte[]> answer(RadiusPacket request, PacketAuthentication authentication);
    }

    private final DatagramSocket socket;
    private final PacketAuthentication authentication;
    private volatile Behaviour behaviour;
    /** What arrived, to the byte. */
    final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    /** From where. */
    final Set<SocketAddress> senders = ConcurrentHashMap.newKeySet();

    StubServer(PacketAuthentication authentication, Behaviour behaviour) {
        this.authentication = authentication;
        this.behaviour = behaviour;
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("stub").start(this::serve);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void behave(Behaviour changed) {
        behaviour = changed;
    }

    private void serve() {
        byte[] buffer = new byte[RadiusPacket.LONGEST];
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] bytes = Arrays.copyOf(buffer, packet.getLength());
                senders.add(packet.getSocketAddress());
                requests.add(bytes);
                for (byte[] answer : behaviour.answer(authentication.readRequest(bytes), authentication)) {
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (RadiusException e) {
                throw new AssertionError("the client signs what it sends", e);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
