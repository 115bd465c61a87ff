package io.pptpoperator.dataplane.handover;

import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.UnixSocket;
import java.time.Duration;
import java.util.List;

/** The conversation of a server with its successor, from either end. For one thread. */
public final class HandOverLine implements AutoCloseable {

    /** A message, and the descriptors that came with it. */
    public record Heard<T>(T message, List<Integer> descriptors) {}

    private final UnixSocket socket;
    private final RecordWriter writer = new RecordWriter();
    private final RecordReader reader = new RecordReader();

    private HandOverLine(UnixSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins a conversation.
     *
     * @param patience how long it waits for the other end
     * @throws HandOverException when it is of another user's, who must not learn any key
     */
    static HandOverLine with(UnixSocket socket, Duration patience) {
        UnixSocket.Peer peer = socket.peer();
        if (peer.user() != UnixSocket.ownUser()) {
            socket.close();
            throw new HandOverException("process " + peer.process() + " belongs to user " + peer.user() + ", not to "
                    + UnixSocket.ownUser() + " as this one");
        }
        socket.patience(patience);
        return new HandOverLine(socket);
    }

    /** The number of the process at the other end. */
    public int process() {
        return socket.peer().process();
    }

    /**
     * Says something.
     *
     * @throws HandOverException when the other end does not hear it
     */
    public void say(HandOverMessage message, List<Integer> descriptors) {
        try {
            socket.send(writer.write((Record) message), descriptors);
        } catch (LinuxException | IllegalArgumentException e) {
            throw new HandOverException(e.getMessage(), e);
        }
    }

    /** Says something without descriptors. */
    public void say(HandOverMessage message) {
        say(message, List.of());
    }

    /**
     * Hears what comes next.
     *
     * @throws HandOverException when it is something else, {@link HandOverMessage.Refused} or nothing
     */
    public <T extends HandOverMessage> Heard<T> hear(Class<T> wanted) {
        Heard<HandOverMessage> heard = hearAnything();
        if (wanted.isInstance(heard.message())) {
            return new Heard<>(wanted.cast(heard.message()), heard.descriptors());
        }
        heard.descriptors().forEach(UnixSocket::closeDescriptor);
        if (heard.message() instanceof HandOverMessage.Refused(String why)) {
            throw new HandOverException(why);
        }
        throw new HandOverException("the other process says " + heard.message().getClass().getSimpleName() + " where "
                + wanted.getSimpleName() + " would be right");
    }

    /**
     * Hears what comes next, whatever it is.
     *
     * @throws HandOverException when it is nothing
     */
    public Heard<HandOverMessage> hearAnything() {
        UnixSocket.Message message;
        try {
            message = socket.receive();
        } catch (LinuxException e) {
            throw new HandOverException(e.getMessage(), e);
        }
        try {
            return new Heard<>(reader.read(message.bytes(), HandOverMessage.class), message.descriptors());
        } catch (RuntimeException e) {
            message.descriptors().forEach(UnixSocket::closeDescriptor);
            throw e;
        }
    }

    /** Waits until the other end has closed. */
    public void awaitEnd() {
        try {
            while (true) {
                socket.receive().descriptors().forEach(UnixSocket::closeDescriptor);
            }
        } catch (LinuxException e) {
            // That was the end, or patience is.
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
