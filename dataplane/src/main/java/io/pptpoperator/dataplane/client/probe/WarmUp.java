package io.pptpoperator.dataplane.client.probe;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.client.ClientAction;
import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.Dialer;
import io.pptpoperator.dataplane.client.gre.GreEndpoint;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.OutgoingCallReply;
import io.pptpoperator.protocol.control.StartControlConnectionReply;
import io.pptpoperator.protocol.control.TextField;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Dials a listener of its own once, so that the times of the real probe are the network's and the server's, and not
 * those of loading this program.
 */
final class WarmUp {
    private static final Ipv4Address LOOPBACK = Ipv4Address.parse("127.0.0.1");
    private static final StartControlConnectionReply START_REPLY = new StartControlConnectionReply(
            ControlMessage.VERSION, StartControlConnectionReply.SUCCESSFUL, 0, 0, 0, 0, 0, TextField.EMPTY,
            TextField.EMPTY);
    private static final int START_LENGTH = 156;
    private static final int CALL_LENGTH = 168;
    private static final int CALL_ID_AT = 12;
    private static final int LIMIT = 2_000;

    private WarmUp() {}

    /** Returns when done, or at once where it is not possible. */
    static void run(EventLoop loop, ClientSettings settings, GreEndpoint endpoint) {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK.toBytes()))) {
            listener.setSoTimeout(LIMIT);
            CompletableFuture<Void> callUp = new CompletableFuture<>();
            Destination self = new Destination(LOOPBACK, listener.getLocalPort(), Optional.empty(), LIMIT, true);
            Dialer dialer = Dialer.start(loop, self, settings,
                    (spec, tunnel) -> endpoint.dial(spec, tunnel, (packet, offset, length) -> {}).map(call -> call),
                    new SecureRandom(), action -> {
                        if (action instanceof ClientAction.CallUp) {
                            callUp.complete(null);
                        } else if (action instanceof ClientAction.Ended) {
                            giveUp(listener);
                        }
                    });
            answer(listener);
            callUp.get(LIMIT, TimeUnit.MILLISECONDS);
            dialer.abandon();
            loop.submit(() -> {}).awaitUninterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | TimeoutException e) {
            // Only the times suffer.
        }
    }

    /** Ends the wait for a connection that does not come, as in a namespace whose loopback is down. */
    private static void giveUp(ServerSocket listener) {
        try {
            listener.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void answer(ServerSocket listener) throws IOException {
        try (Socket client = listener.accept()) {
            client.setSoTimeout(LIMIT);
            InputStream in = client.getInputStream();
            in.readNBytes(START_LENGTH);
            client.getOutputStream().write(ControlMessageCodec.encode(START_REPLY));
            byte[] call = in.readNBytes(CALL_LENGTH);
            int callId = (call[CALL_ID_AT] & 0xff) << 8 | call[CALL_ID_AT + 1] & 0xff;
            client.getOutputStream()
                    .write(ControlMessageCodec
                            .encode(new OutgoingCallReply(1, callId, OutgoingCallReply.CONNECTED, 0, 0, 0, 0, 0, 0)));
        }
    }
}
