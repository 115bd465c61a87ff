package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.probe.Probe;
import io.pptpoperator.dataplane.client.probe.ProbeAim;
import io.pptpoperator.dataplane.client.probe.Report;
import io.pptpoperator.dataplane.linux.Capabilities;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.StartControlConnectionReply;
import io.pptpoperator.protocol.control.StartControlConnectionRequest;
import io.pptpoperator.protocol.control.TextField;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Dials a server from this machine. The control connection anybody can try; a call with GRE takes a raw socket, which
 * Linux gives to root alone.
 */
final class ReachCheck {

    private static final int TIMEOUT_MILLIS = 5_000;
    /** Length of a Start-Control-Connection-Reply (RFC 2637 section 2.2). */
    private static final int REPLY_LENGTH = 156;

    private ReachCheck() {}

    static Reach of(String address) {
        return of(address, Destination.PORT);
    }

    static Reach of(String address, int port) {
        long start = System.nanoTime();
        Reach.Control control = control(address, port);
        long millis = (System.nanoTime() - start) / 1_000_000;
        return new Reach(address, control, millis,
                control == Reach.Control.ANSWERS && mayOpenRawSockets() ? probe(address, port) : Optional.empty());
    }

    private static boolean mayOpenRawSockets() {
        return "Linux".equals(System.getProperty("os.name")) && Capabilities.ofThisProcess().netRaw();
    }

    private static Optional<Report> probe(String address, int port) {
        var aim = new ProbeAim(address, port, false, AuthMethod.ofPasswords(), EncryptionSettings.NONE.policy());
        try {
            return Optional
                    .of(Probe.run(aim, Optional.empty(), EncryptionSettings.NONE, progress -> {}, Optional.empty()));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    static Reach.Control control(String address, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), TIMEOUT_MILLIS);
            return talksPptp(socket) ? Reach.Control.ANSWERS : Reach.Control.NO_PPTP;
        } catch (UnknownHostException e) {
            return Reach.Control.NOT_RESOLVED;
        } catch (NoRouteToHostException e) {
            return Reach.Control.NO_ROUTE;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("unreachable")
                    ? Reach.Control.NO_ROUTE
                    : Reach.Control.REFUSED;
        } catch (SocketTimeoutException e) {
            return Reach.Control.TIMED_OUT;
        } catch (IOException e) {
            return Reach.Control.NO_ROUTE;
        }
    }

    private static boolean talksPptp(Socket socket) {
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(ControlMessageCodec.encode(new StartControlConnectionRequest(ControlMessage.VERSION, 3, 3, 0,
                            0, TextField.EMPTY, TextField.EMPTY)));
            byte[] reply = socket.getInputStream().readNBytes(REPLY_LENGTH);
            return ControlMessageCodec.decode(ByteBuffer.wrap(reply)) instanceof StartControlConnectionReply it
                    && it.resultCode() == StartControlConnectionReply.SUCCESSFUL;
        } catch (IOException | ControlMessageException e) {
            return false;
        }
    }
}
